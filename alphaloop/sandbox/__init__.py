"""The sandbox: untrusted strategy code in a process of its own, and the words spoken with it."""
