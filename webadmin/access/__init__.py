"""Who may do what over HTTP: tokens, what they open, how often, and which values they may read back."""
