package views

import "context"

// Theme is the theme chosen for a browser: "light", "dark", or "" for the system's.
type Theme string

// ParseTheme parses the theme of a form or cookie; an unknown one becomes "". The result does not refer to s's memory.
func ParseTheme(s string) Theme {
	switch s {
	case "light":
		return "light"
	case "dark":
		return "dark"
	}
	return ""
}

type themeKey struct{}

// WithTheme returns a context that sets the theme of pages rendered with it, including signed-out ones.
func WithTheme(ctx context.Context, t Theme) context.Context {
	return context.WithValue(ctx, themeKey{}, t)
}

// ThemeOf returns the theme set by WithTheme.
func ThemeOf(ctx context.Context) Theme {
	t, _ := ctx.Value(themeKey{}).(Theme)
	return t
}
