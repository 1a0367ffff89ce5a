package views

import "context"

// Theme is the colours that a reader has chosen by hand for a browser: "light", "dark", or "" for those of the system.
type Theme string

// ParseTheme reads what a form or a cookie names; what is no theme is none. It holds on to nothing of s.
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

// WithTheme lets pages that are rendered with the context have a theme, those of nobody's among them.
func WithTheme(ctx context.Context, t Theme) context.Context {
	return context.WithValue(ctx, themeKey{}, t)
}

// ThemeOf is the theme of WithTheme.
func ThemeOf(ctx context.Context) Theme {
	t, _ := ctx.Value(themeKey{}).(Theme)
	return t
}
