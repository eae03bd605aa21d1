"""Pages that take people, customers, deals and events out of files: mapping, preview, report and undo."""
