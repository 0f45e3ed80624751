"""Everything that opens untrusted bytes; runs inside the reader jail."""
