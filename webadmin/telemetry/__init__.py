"""What the server tells about itself: log lines, figures, whether it works. No facts, no tokens, no names of people."""
