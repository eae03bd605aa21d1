"""What the server tells about itself: log lines, figures, whether it can work. No facts, no tokens, no names of people."""
