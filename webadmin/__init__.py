"""The web pages over the engine, and the command `fairlead`."""
