"""The OpenID provider for programs: consent, codes, tokens, and what is published about them."""
