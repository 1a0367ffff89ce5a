package sqlite

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"unicode"
)

// maxShown is the maximum number of bytes of a statement in an error.
const maxShown = 80

// located adds to an error of the database its statement and the caller: "disk I/O error" alone does not help in the
// log. It is called where the driver is called, once for each error. errors.Is and errors.As still find the original.
// Values are not included: they may be users' messages.
func located(query string, err error) error {
	if err == nil || errors.Is(err, io.EOF) { // io.EOF ends the rows, and is compared by ==
		return err
	}
	return fmt.Errorf("%s%s: %w", asker(), firstWords(query), err)
}

// firstWords returns the beginning of a statement, in one line.
func firstWords(query string) string {
	line := strings.Join(strings.Fields(query[:min(len(query), 4*maxShown)]), " ")
	if len(line) > maxShown {
		line = strings.ToValidUTF8(line[:maxShown], "") + "…"
	}
	return line
}

// asker returns the name of the function that has made the query, and, if it is another one, of the exported function
// that called it: "Chat.SetProfile, updateProfile: ". It reads the stack, which takes some microseconds.
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

// functionName shortens the runtime's "chitchat/chat.(*Chat).SetProfile.func1" to "Chat.SetProfile". ok is false for
// functions that every query passes through.
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
