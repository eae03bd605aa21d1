"""The second engine for patterns of events, durable-rules, in a process of its own; and what both engines agree on."""
