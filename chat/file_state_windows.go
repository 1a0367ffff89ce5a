package chat

// stateOf returns nothing: what the file system knows of a file is not asked there.
func stateOf(string) fileState { return fileState{} }
