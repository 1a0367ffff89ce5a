package config

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"chitchat/handlers/command"
)

// Help returns the usage: the commands, and every flag with its default and its environment variable.
func Help(w io.Writer) {
	_, _ = io.WriteString(w,
		"Chit-Chat is team chat in one program: start it and open the address it prints.\n\nUsage: chitchat "+
			"[command] [flags]\n\n"+
			"Without a command it serves. The commands work beside a Chit-Chat that is serving:\n"+command.Usage+"\n")
	(&Config{}).flags().VisitAll(func(f *flag.Flag) {
		kind, usage := flag.UnquoteUsage(f)
		if kind == "value" {
			kind = "number"
		}
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (" + f.DefValue + ")"
		}
		env := prefix + "_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		_, _ = fmt.Fprintf(w, "  --%s\n      %s\n      %s\n", strings.TrimSpace(f.Name+" "+kind), usage, env)
	})
}

// Version returns the version that the build recorded.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value
		}
	}
	return cmp.Or(info.Main.Version, "(devel)") + revision + " " + info.GoVersion
}
