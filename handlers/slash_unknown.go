package handlers

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"chitchat/chat"
)

// slashNamed returns the command of that name. The error says what is wrong with the name or the arguments.
func slashNamed(name, args string) (slashCommand, error) {
	for _, cmd := range slashCommands {
		if cmd.Name != name {
			continue
		}
		switch optional := strings.HasPrefix(cmd.Args, "["); {
		case cmd.Args == "" && args != "" && name != "help":
			return cmd, misused(cmd, "Nothing was done: this command stands alone.")
		case cmd.Args != "" && args == "" && !optional:
			return cmd, misused(cmd, cmp.Or(cmd.alone, "Nothing was done: something is missing after the command."))
		}
		return cmd, nil
	}
	if name == "" {
		return slashCommand{}, chat.Invalid("body", "A slash alone is no command, and nothing was sent. /help lists the "+
			"commands. To send a slash, write two: //")
	}
	said := sanitizeEcho(name)
	if runes := []rune(said); len(runes) > maxSlashShown {
		said = string(runes[:maxSlashShown]) + "…"
	}
	did := ""
	if near := slashNear(name); near != "" {
		did = "Did you mean /" + near + "? "
	}
	return slashCommand{}, chat.Invalid("body", "“/%s” is not a command, and nothing was sent. %s/help lists the "+
		"commands. To send it as text, begin with two slashes: //%s", said, did, said)
}

// maxSlashShown is how many characters of an unknown command its refusal repeats.
const maxSlashShown = 30

// misused refuses a command that is used in a wrong way, and says how it is used.
func misused(cmd slashCommand, what string) error {
	return chat.Invalid("body", "%s It is used like this: %s", what, strings.TrimSpace("/"+cmd.Name+" "+cmd.Args))
}

// slashNear returns the command that a name was most likely meant for, by its beginning or with a letter or two wrong;
// or "".
func slashNear(name string) string {
	best, most := "", 3
	for _, cmd := range slashCommands {
		if len(name) > 1 && strings.HasPrefix(cmd.Name, name) {
			return cmd.Name
		}
		if n := misspelt(name, cmd.Name); n < most && 2*n < max(len(name), len(cmd.Name)) {
			best, most = cmd.Name, n
		}
	}
	return best
}

// misspelt returns how many letters of a word are wrong, missing, too many, or swapped with the next: the optimal
// string alignment distance. For a name much longer than the word it returns how much longer it is.
func misspelt(name, word string) int {
	if n := utf8.RuneCountInString(name) - len(word); n > 2 {
		return n
	}
	a, b := []rune(name), []rune(word)
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			wrong := 1
			if a[i] == b[j] {
				wrong = 0
			}
			next[j+1] = min(row[j]+wrong, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
