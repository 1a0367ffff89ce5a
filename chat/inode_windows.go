package chat

// inodeOf returns 0: the number that the file system gave to a file is not asked there.
func inodeOf(string) uint64 { return 0 }
