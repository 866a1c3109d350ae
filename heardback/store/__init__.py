"""Tables by noun, and the questions asked of them."""
