"""Who would take over the customers of somebody who leaves, by the assignment policy; and carrying that out."""
