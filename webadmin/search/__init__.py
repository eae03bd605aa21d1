"""The search from anywhere: people, customers, policies and decisions the reader may see."""
