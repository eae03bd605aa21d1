"""What the record endures: servers killed at random under load, and disks without room."""
