package chat

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestCleanCode(t *testing.T) {
	for typed, want := range map[string]string{
		"123456": "123456", "123 456": "123456", "123-456": "123456", "\t123456\r\n": "123456", "123\u00a0456": "123456",
		"123\u202f456": "123456",
		"123\u3000456": "123456", "１２３４５６": "123456", "123.456": "123456", "123．456.": "123456", "123\u2011456": "123456",
		"123–456": "123456",
		"123—456": "123456", "123−456": "123456", "123456\u200b": "123456", "\u2066123\u200d456\u2069\ufeff": "123456",
		"123\u00ad456": "123456",
		"١٢٣٤٥٦":       "123456", "۱۲۳۴۵۶": "123456", "१२३४५६": "123456", "𝟏𝟐𝟑𝟜𝟝𝟞": "123456", "𞥑𞥒𞥓𞥔𞥕𞥖": "123456",
		"\"123456\"": "123456", "①2": "12",
		"abcde-fghij": "ABCDEFGHIJ", "ａｂｃｄｅ－ＦＧＨＩＪ": "ABCDEFGHIJ", "ab\u00a0cd–e2": "ABCDE2", "12345x": "12345X",
		"": "", " -.": "", "\xff1": "1",
		strings.Repeat("1 ", maxTypedCode/2):       strings.Repeat("1", maxTypedCode/2),
		strings.Repeat("1 ", maxTypedCode/2) + "1": "",
		strings.Repeat("\ufdfa", 1<<16):            "",
	} {
		if got := cleanCode(typed); got != want {
			t.Errorf("%.40q is %q, want %q", typed, got, want)
		}
	}
	for _, r := range []rune{'0', '٠', '۰', '०', '０', '𝟎', '𝟘', '𝟬', '🯰'} {
		for i := range rune(10) {
			if got := digitValue(r + i); got != i || !unicode.IsDigit(r+i) {
				t.Errorf("%c counts %d, want %d", r+i, got, i)
			}
		}
	}
}

// A code is accepted however it is typed, when two-factor authentication is turned on and at the sign-in; recovery
// codes too.
func TestCodesAsPeopleTypeThem(t *testing.T) {
	ways := map[string]func(string) string{
		"a space":    func(s string) string { return s[:3] + " " + s[3:] },
		"a no-break": func(s string) string { return s[:3] + "\u00a0" + s[3:] + "\u200b" },
		"a hyphen":   func(s string) string { return s[:3] + "\u2011" + s[3:] + "." },
		"full-width": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > ' ' && r <= '~' {
					return r + '！' - '!'
				}
				return r
			}, s)
		},
		"capitals, in groups": func(s string) string { return "\t" + strings.ToUpper(strings.ReplaceAll(s, "-", " – ")) },
	}
	for name, typed := range ways {
		t.Run(name, func(t *testing.T) {
			clock := newClock()
			c := mustOpen(t, Options{Now: clock.now})
			ada := mustSignIn(t, c, "Ada")
			mustProtect(t, c, ada, goodPassword)
			key, err := c.Accounts.StartTwoFactor(t.Context(), ada, goodPassword)
			must(t, err)
			codes, err := c.Accounts.ConfirmTwoFactor(t.Context(), ada, typed(mustCode(t, key.Secret, clock.now())))
			must(t, err)
			clock.advance(time.Minute)
			for _, code := range []string{mustCode(t, key.Secret, clock.now()), codes[0]} {
				if _, err := c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), typed(code)); err != nil {
					t.Errorf("%q: %v", typed(code), err)
				}
			}
			_, err = c.Accounts.FinishSignIn(t.Context(), mustEnterPassword(t, c, "Ada"), typed(codes[0]))
			wantCode(t, err, CodeInvalid) // once
		})
	}
}
