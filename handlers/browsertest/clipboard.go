package browsertest

import (
	"context"
	"sync"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// clipboard guards the clipboard, which all users of a browser share.
var clipboard sync.Mutex

// PastePicture copies a picture and pastes it at the focus, as with the keyboard.
func (tab *Tab) PastePicture() {
	tab.t.Helper()
	clipboard.Lock()
	defer clipboard.Unlock()
	tab.run(chromedp.ActionFunc(func(ctx context.Context) error {
		onBrowser := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		allow := &cdpbrowser.PermissionDescriptor{Name: "clipboard-write", AllowWithoutSanitization: false}
		return cdpbrowser.SetPermission(allow, cdpbrowser.PermissionSettingGranted).WithBrowserContextID(tab.User.id).
			Do(onBrowser)
	}))
	tab.run(page.BringToFront()) // only the front window may use the clipboard
	tab.Eval(`(async () => {
		const c = new OffscreenCanvas(120, 80), d = c.getContext('2d')
		d.fillStyle = 'teal'; d.fillRect(0, 0, 120, 80)
		await navigator.clipboard.write([new ClipboardItem({'image/png': await c.convertToBlob({type: 'image/png'})})])
	})()`, nil)
	tab.pasteKeys()
}

// Copies does something that copies, then pastes at the selector what is in the clipboard.
func (tab *Tab) Copies(do func(), selector string) {
	tab.t.Helper()
	clipboard.Lock()
	defer clipboard.Unlock()
	tab.run(page.BringToFront()) // only the front window may use the clipboard
	do()
	tab.Fill(selector, "")
	tab.pasteKeys()
}

func (tab *Tab) pasteKeys() {
	tab.t.Helper()
	tab.run(
		input.DispatchKeyEvent(input.KeyDown).WithKey("v").WithCode("KeyV").WithModifiers(input.ModifierCtrl).
			WithCommands([]string{"paste"}),
		input.DispatchKeyEvent(input.KeyUp).WithKey("v").WithCode("KeyV").WithModifiers(input.ModifierCtrl),
	)
}
