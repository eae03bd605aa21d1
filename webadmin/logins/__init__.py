"""Looking after logins and tokens, for administrators."""
