"""What the operator sells. Products never import one another."""
