package config

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Messages of the errors of flag and ff: those errors have no types to tell them apart.
var (
	unknownFlag  = regexp.MustCompile(`flag provided but not defined: -(.*)$`)
	lonelyFlag   = regexp.MustCompile(`flag needs an argument: -(.*)$`)
	brokenFlag   = regexp.MustCompile(`bad flag syntax: (.*)$`)
	wrongValue   = regexp.MustCompile(`(?s)invalid value (".*") for flag -(\S+): (.*)$`)
	wrongBoolean = regexp.MustCompile(`(?s)invalid boolean value (".*") for -(\S+): `)
	wrongEnv     = regexp.MustCompile(`(?s)setting flag ".*" from environment variable "(\w+)": (.*)$`)
)

// plain rewords an error of the flags or the environment.
func plain(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	text := err.Error()
	if m := wrongValue.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s %s: %s", m[2], m[1], m[3])
	}
	if m := wrongBoolean.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s %s: it is neither true nor false", m[2], m[1])
	}
	// the errors of values come from our own Set methods; strconv's, from --version
	if m := wrongEnv.FindStringSubmatch(text); m != nil {
		why := m[2]
		if strings.Contains(why, "strconv") || why == "parse error" {
			why = "it is neither true nor false"
		}
		return fmt.Errorf("%s %q: %s", m[1], os.Getenv(m[1]), why)
	}
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("there is no flag --%s", m[1])
	}
	if m := lonelyFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s needs a value", m[1])
	}
	if m := brokenFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%q is not a flag", m[1])
	}
	return err
}
