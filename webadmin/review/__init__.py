"""From a draft to what is in effect: what would change, whom it concerns, and the second person who approves."""
