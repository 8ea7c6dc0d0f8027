"""The AWS emulator of a laptop run: MiniStack, with queues that outlive a kill."""
