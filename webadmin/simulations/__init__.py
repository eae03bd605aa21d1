"""What would be, before it is: who takes over the customers of somebody who leaves."""
