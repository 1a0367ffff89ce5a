package hostiletest

import "testing"

func TestPayloads(t *testing.T) {
	all := Payloads()
	if len(all) < 500 {
		t.Errorf("there are %d payloads", len(all))
	}
	for _, text := range all {
		if len(text) > 400 {
			t.Errorf("%d bytes: %q", len(text), text)
		}
	}
	for _, text := range Packed(60) {
		if len(text) > 60 {
			t.Errorf("%d bytes: %q", len(text), text)
		}
	}
}

// What the functions look for they find: written into a page without care, most payloads are found.
func TestFaults(t *testing.T) {
	text, page := 0, 0
	for _, payload := range Payloads() {
		if len(TextFaults("<p>"+payload+"</p>")) > 0 {
			text++
		}
		if len(PageFaults("<p>"+payload+"</p>"))+len(PageFaults(`<p title="`+payload+`">x</p>`)) > 0 {
			page++
		}
	}
	t.Logf("of %d payloads %d change a text, and %d a page", len(Payloads()), text, page)
	if text < 400 || page < 300 {
		t.Errorf("only %d are found in a text, and %d in a page", text, page)
	}
	const good = `<script src="/assets/a.js"></script><a hx-get="/c/pwn" href="/c/x" title="onload=pwn(1)">&lt;img&gt;</a>`
	if faults := PageFaults(good); faults != nil {
		t.Error(faults)
	}
}
