"""The form of a policy's facts, made from its inputs: what is typed becomes facts, what is wrong stands beside it."""
