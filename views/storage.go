package views

import "chitchat/chat"

// Storage is the page of disk usage: it shows one of two tables.
type Storage struct {
	chat.Usage
	Free     int64 // free bytes on the disk of the files; negative if unknown
	ByPerson bool
	Channels chat.List[chat.ChannelUsage]
	Persons  chat.List[chat.UserUsage]
}

// inAll returns the total.
func (v Storage) inAll() string {
	line := "The database has " + fileSize(v.Database) + " for " + count(v.Messages, "message", "messages") + ". "
	if v.Files.Files == 0 {
		line += "There are no files yet."
	} else {
		line += "With them " + isAre(v.Files.Files) + " " + inFiles(v.Files) + "."
	}
	if v.Free >= 0 {
		line += " On the disk of the files, " + fileSize(v.Free) + " are free."
	}
	return line
}

func inFiles(a chat.FileUsage) string {
	return count(a.Files, "file", "files") + " of " + fileSize(a.Bytes)
}

// amount returns a number of files with their size, for a table cell.
func amount(a chat.FileUsage) string {
	if a.Files == 0 {
		return "None"
	}
	return itoa(a.Files) + ", " + fileSize(a.Bytes)
}
