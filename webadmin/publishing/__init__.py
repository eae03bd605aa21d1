"""Publishing: a text is proposed, checked with all it would be in effect with, and approved by a second identity."""
