package sqlite

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"unicode"
)

// maxShown is how many bytes of a statement an error shows.
const maxShown = 80

// located says of an error of the database which statement it is of, and who asked: to the log the error alone, "disk
// I/O error", is of no use. It is called where the driver is, once for each error, so that nobody else needs to.
// errors.Is and errors.As find what they did. Values are not shown: they may be what people have said.
func located(query string, err error) error {
	if err == nil || errors.Is(err, io.EOF) { // the end of the rows, which is compared by ==
		return err
	}
	return fmt.Errorf("%s%s: %w", asker(), firstWords(query), err)
}

// firstWords is the beginning of a statement in one line.
func firstWords(query string) string {
	line := strings.Join(strings.Fields(query[:min(len(query), 4*maxShown)]), " ")
	if len(line) > maxShown {
		line = strings.ToValidUTF8(line[:maxShown], "") + "…"
	}
	return line
}

// asker names the function that has asked the database, and, if that is another, the exported one for which it did so:
// "Chat.SetProfile, updateProfile: ". It looks at the stack, which takes some microseconds.
func asker() string {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	nearest := ""
	for {
		frame, more := frames.Next()
		if name, ok := functionName(frame.Function); ok {
			exported := unicode.IsUpper(rune(name[strings.LastIndexByte(name, '.')+1]))
			switch {
			case nearest == "" && exported:
				return name + ": "
			case nearest == "":
				nearest = name
			case exported:
				return name + ", " + nearest + ": "
			}
		}
		if !more {
			break
		}
	}
	if nearest == "" {
		return ""
	}
	return nearest + ": "
}

// functionName shortens the runtime's "chitchat/chat.(*Chat).SetProfile.func1" to "Chat.SetProfile". Those through
// which every query passes are not ok.
func functionName(function string) (name string, ok bool) {
	for _, passed := range []string{"chitchat/chat/sqlite.", "database/sql.", "runtime."} {
		if strings.HasPrefix(function, passed) {
			return "", false
		}
	}
	_, name, _ = strings.Cut(function[strings.LastIndexByte(function, '/')+1:], ".")
	name = strings.NewReplacer("(*", "", "(", "", ")", "", "[...]", "").Replace(name)
	name, _, _ = strings.Cut(name, ".func")
	name, _, _ = strings.Cut(name, "-") // the body of a loop over a function
	return name, name != "" && !strings.HasSuffix(name, ".")
}
