"""What is read of phonebanks: the queue, its reasons, callers, the board, admission."""
