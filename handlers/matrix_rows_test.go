package handlers

type perKind map[kind]string

const (
	anyone  = "222 222 22 22"
	signed  = "iii 222 22 22"
	does    = "iii 333 33 33"
	ruling  = "iii 444 44 22" // only managers of the workspace learn that the page exists
	owning  = "iii 444 44 42"
	knowing = "iii 3v3 33 33" // of a user hidden from the guest
	none    = "444 444 44 44"

	redirected = "mmm mmm mm mm" // for everybody, whether the target exists or not

	token = "AAAAAAAAAAAAAAAAAAAAAAAAAA" // well formed and unknown
)

// seeing is for answers that everyone gets who sees the channel.
var (
	seeing = perKind{public: "iii 242 22 22", private: "iii 444 22 44", direct: "iii 444 22 44",
		archived: "iii 242 22 22"}
	posting = perKind{public: "iii 343 33 33", private: "iii 444 33 44", direct: "iii 444 33 44",
		archived: "iii f4f ff ff"}
	previewing = perKind{public: "iii 242 22 22", private: "iii 444 22 44", direct: "iii 444 22 44",
		archived: "iii f4f ff ff"}
	author = perKind{public: "iii f4f 2f ff", private: "iii 444 2f 44", direct: "iii 444 2f 44",
		archived: "iii f4f ff ff"}
	inviting = perKind{public: "iii f4f vv vv", private: "iii 444 vv 44", direct: "iii 444 ff 44",
		archived: "iii f4f ff ff"}
	removing = perKind{public: "iii f4f f4 44", private: "iii 444 f4 44", direct: "iii 444 ff 44",
		archived: "iii f4f f4 44"}
	// of members
	ousting = perKind{public: "iii f4f f3 33", private: "iii 444 f3 44", direct: "iii 444 ff 44",
		archived: "iii f4f f3 33"}
	wishing = perKind{public: "iii 343 33 33", private: "iii 444 33 44", direct: "iii 444 33 44",
		archived: "iii 343 33 33"}
	running = perKind{public: "iii f4f f3 33", private: "iii 444 f3 44", direct: "iii 444 ff 44",
		archived: "iii f4f f3 33"}
	changes = perKind{public: "iii f4f 3f ff", private: "iii 444 3f 44", direct: "iii 444 3f 44",
		archived: "iii f4f ff ff"}
)

var matrix = map[string]entry{
	"GET /signin/second":   {row: redirected},
	"POST /signin/second":  {row: redirected},
	"GET /me/second":       {row: redirected},
	"POST /me/second":      {row: redirected},
	"GET /recover/:token":  {row: redirected, path: "/recover/" + token},
	"POST /recover/:token": {row: redirected, path: "/recover/" + token},
	"GET /admin/recovery":  {row: redirected},
	"POST /admin/recovery": {row: redirected},
	"GET /c/:slug/people":  {row: redirected, path: "/c/nowhere/people"},
	"POST /c/:slug/people": {row: redirected, path: "/c/nowhere/people"},
	"GET /c/:slug/mine":    {row: redirected, path: "/c/nowhere/mine"},
	"POST /c/:slug/mine":   {row: redirected, path: "/c/nowhere/mine"},

	"GET /healthz":       {row: anyone},
	"GET /readyz":        {row: anyone},
	"GET /assets/*":      {row: anyone, path: "{asset}", absent: []string{"/assets/none.js"}},
	"GET /favicon.ico":   {row: "lll lll ll ll"},
	"GET /manifest.json": {row: anyone},

	"GET /signin":                     {row: "222 333 33 33"},
	"POST /signin":                    {row: "333 333 33 33", form: "name=Newcomer+{n}&lose=1", changesUser: true},
	"GET /signin/two-factor":          {row: "iii iii ii ii"}, // nobody is half-way in
	"POST /signin/two-factor":         {row: "vvv vvv vv vv", form: "code=123456"},
	"POST /signin/two-factor/passkey": {row: "333 333 33 33"}, // to the form
	"POST /signin/passkey":            {row: "fff fff ff ff"}, // under a number no browser has passkeys
	"POST /signin/passkey/finish":     {row: "fff fff ff ff", form: "state=" + token + "&response={}"},
	"GET /me/two-factor":              {row: signed},
	"POST /me/two-factor/start":       {row: "iii vvv vv vv"}, // without a password
	"POST /me/two-factor/confirm":     {row: "iii 444 44 44", form: "code=123456"},
	"POST /me/two-factor/codes":       {row: "iii 444 44 44"},
	"POST /me/two-factor/off":         {row: does},
	"GET /me/passkeys":                {row: signed},
	"POST /me/passkeys":               {row: "iii fff ff ff", form: "state=" + token + "&response={}"},
	"POST /me/passkeys/new":           {row: "iii fff ff ff"},
	"POST /me/passkeys/remove":        {row: "iii 444 44 44", form: "id=AAAA"},
	"POST /me/passkeys/require":       {row: "iii vvv vv vv", form: "required=yes"},

	"GET /signout":  {row: signed},
	"POST /signout": {row: "333 333 33 33", changesUser: true},

	"GET /me":               {row: signed},
	"POST /me":              {row: does, form: "name=Renamed+{n}", changesUser: true},
	"POST /me/theme":        {row: does, form: "theme=dark"},
	"GET /keys":             {row: signed},
	"POST /me/keys":         {row: does, form: "letters=1"},
	"GET /me/:id.css":       {row: signed, path: "/me/{me}.css", absent: []string{"/me/1.css", "/me/x.css"}},
	"GET /me/password":      {row: signed},
	"POST /me/password":     {row: does, form: "password=seven+green+otters", changesUser: true},
	"GET /me/sessions":      {row: signed},
	"POST /me/sessions/end": {row: does},
	"POST /me/sessions/:id/end": {row: does, path: "/me/sessions/{session}/end",
		absent: []string{"/me/sessions/1/end", "/me/sessions/x/end"}},
	"GET /owner/:token":  {row: none, path: "/owner/" + token}, // once there is an owner
	"POST /owner/:token": {row: none, path: "/owner/" + token, form: "workspace=Mine"},
	"GET /link/:token":   {row: anyone, path: "/link/{link}", absent: []string{"/link/x", "/link/" + token}},
	"POST /link/:token": {row: "333 333 33 33", path: "/link/{link}", form: "lose=1", changesUser: true,
		absent: []string{"/link/x", "/link/" + token}},
	"GET /reset/:token": {row: anyone, path: "/reset/{reset}",
		absent: []string{"/reset/x", "/reset/" + token}},
	"POST /reset/:token": {row: "333 333 33 33", path: "/reset/{reset}", form: "password=seven+green+otters&lose=1",
		changesUser: true,
		absent:      []string{"/reset/x", "/reset/" + token}},
	"GET /me/link":            {row: signed},
	"POST /me/link":           {row: signed},
	"GET /admin/reset-access": {row: ruling},
	"POST /admin/reset-access": {row: "iii 444 44 vv", form: "name=Nobody+of+that+name", more: []entry{
		{row: ruling, form: "name={someone}", there: true},
	}},

	"GET /i/:token": {row: anyone, path: "/i/{invitation}", absent: []string{"/i/x", "/i/" + token}},
	"POST /i/:token": {row: "333 333 33 33", path: "/i/{invitation}", form: "name=Invited+{n}", changesUser: true,
		absent: []string{"/i/x", "/i/" + token}},
	"GET /admin/invitations":  {row: ruling},
	"POST /admin/invitations": {row: ruling, form: "role=member&days=1&uses=1"},
	"POST /admin/invitations/:id/revoke": {row: "iii 444 44 33", path: "/admin/invitations/{invited}/revoke",
		absent: []string{"/admin/invitations/1/revoke", "/admin/invitations/x/revoke"}},
	// of a user in General Talk, where the guest is too
	"GET /u/:id":                 {row: signed, path: "/u/{user}", absent: []string{"/u/1", "/u/x"}},
	"GET /u/:id/avatar/:picture": {row: signed, path: "{pictured}", absent: []string{"/u/1/avatar/1", "/u/x/avatar/x"}},
	"POST /me/status":            {row: does, form: "emoji=🍲"},
	"POST /me/avatar":            {row: "iii vvv vv vv"}, // without a picture
	"POST /me/avatar/remove":     {row: does},
	"GET /me/profile":            {row: signed},
	"POST /me/profile":           {row: does, form: "title=Cook"},
	"GET /admin/people":          {row: ruling},
	"POST /admin/people/:id/role": {row: "iii 444 44 33", path: "/admin/people/{user}/role", form: "role=guest",
		absent: []string{"/admin/people/1/role", "/admin/people/x/role"}},
	"POST /admin/people/:id/deactivate": {row: "iii 444 44 33", path: "/admin/people/{user}/deactivate",
		absent: []string{"/admin/people/1/deactivate", "/admin/people/x/deactivate"}},
	"POST /admin/people/:id/reactivate": {row: "iii 444 44 33", path: "/admin/people/{user}/reactivate",
		absent: []string{"/admin/people/1/reactivate", "/admin/people/x/reactivate"}},
	"POST /admin/people/:id/remove": {row: "iii 444 44 33", path: "/admin/people/{user}/remove",
		absent: []string{"/admin/people/1/remove", "/admin/people/x/remove"}},
	"POST /admin/people/:id/signout": {row: "iii 444 44 33", path: "/admin/people/{user}/signout",
		absent: []string{"/admin/people/1/signout", "/admin/people/x/signout"}},
	"GET /admin/sessions": {row: ruling},
	"POST /admin/sessions/:id/end": {row: "iii 444 44 33", path: "/admin/sessions/{device}/end",
		absent: []string{"/admin/sessions/1/end", "/admin/sessions/x/end"}},
	"GET /admin/channels":       {row: ruling},
	"GET /admin/storage":        {row: ruling},
	"GET /admin/storage/people": {row: ruling},
	"POST /admin/storage/people/:id/pending": {row: "iii 444 44 33", path: "/admin/storage/people/{user}/pending",
		absent: []string{"/admin/storage/people/1/pending", "/admin/storage/people/x/pending"}},
	"GET /admin/roles":     {row: signed},
	"GET /admin/settings":  {row: owning},
	"POST /admin/settings": {row: "iii 444 44 43", form: "workspace=The+Works&access=open"},
	"GET /admin/emoji":     {row: ruling},
	"POST /admin/emoji":    {row: "iii 444 44 vv", form: "name=party-{n}"}, // without a picture
	"GET /admin/emoji/:id/remove": {row: ruling, path: "/admin/emoji/{emoji}/remove",
		absent: []string{"/admin/emoji/1/remove", "/admin/emoji/x/remove"}},
	"POST /admin/emoji/:id/remove": {row: "iii 444 44 33", path: "/admin/emoji/{emoji}/remove",
		absent: []string{"/admin/emoji/1/remove", "/admin/emoji/x/remove"}},
	"GET /emoji/:id":            {row: signed, path: "/emoji/{emoji}", absent: []string{"/emoji/1", "/emoji/x"}},
	"GET /admin/audit":          {row: ruling},
	"GET /admin/audit.jsonl":    {row: ruling},
	"GET /admin/bans":           {row: ruling},
	"POST /admin/bans":          {row: "iii 444 44 33", form: "name={someone}&days=1&reason=Spam"},
	"GET /admin/reports":        {row: ruling},
	"GET /admin/reports/closed": {row: ruling},
	"GET /admin/reports/:id": {row: ruling, path: "/admin/reports/{report}",
		absent: []string{"/admin/reports/1", "/admin/reports/x"}},
	"POST /admin/reports/:id/close": {row: "iii 444 44 33", path: "/admin/reports/{report}/close",
		absent: []string{"/admin/reports/1/close", "/admin/reports/x/close"}},
	"POST /admin/reports/:id/remove": {row: "iii 444 44 33", path: "/admin/reports/{report}/remove",
		absent: []string{"/admin/reports/1/remove", "/admin/reports/x/remove"}},
	"POST /admin/bans/:id/lift": {row: "iii 444 44 33", path: "/admin/bans/{ban}/lift",
		absent: []string{"/admin/bans/1/lift", "/admin/bans/x/lift"}},

	"GET /":        {row: does},
	"GET /c":       {row: signed},
	"GET /switch":  {row: signed},
	"GET /sidebar": {row: signed},
	"POST /sidebar": {row: does, form: "read=hide", more: []entry{
		{row: does, form: "fold=2"},
		{row: "iii 444 44 44", form: "unfold={section}", there: true}, // of somebody else
	}},
	"POST /sidebar/conversations": {row: does, form: "1.2=1", more: []entry{ // of a conversation that is not there
		{row: "iii 444 44 44", form: "1.2={section}", there: true},
	}},
	"POST /sections": {row: does, form: "name=Section+{n}"},
	"POST /sections/:id": {row: "iii 444 44 44", path: "/sections/{section}", form: "name=Section+{n}&sort=name",
		there:  true,
		absent: []string{"/sections/4", "/sections/x-x"}},
	"POST /sections/:id/move": {row: does, path: "/sections/1/move", form: "before=0", more: []entry{
		{row: "iii 444 44 44", path: "/sections/{section}/move", form: "before=0", there: true},
		{row: "iii 444 44 44", path: "/sections/1/move", form: "before={section}", there: true},
	}},
	"POST /sections/:id/delete": {row: "iii 444 44 44", path: "/sections/{section}/delete", there: true,
		absent: []string{"/sections/1/delete", "/sections/x-x/delete"}},
	"POST /c":                {row: "iii 3f3 33 33", form: "name=Channel+{n}"},
	"GET /c/:slug":           {rows: seeing},
	"POST /c/:slug/messages": {rows: posting, form: "body=words"},
	"POST /c/:slug/preview":  {rows: previewing, form: "body=words"},
	"POST /c/:slug/draft": {rows: posting, form: "body=words", keeps: true, more: []entry{
		{rows: wishing, form: "body=", keeps: true, reads: true},
	}},
	"GET /drafts": {row: signed},
	"POST /paste": {row: signed, form: "html=words"},
	"POST /c/:slug/files": {rows: perKind{public: "iii v4v vv vv", private: "iii 444 vv 44", direct: "iii 444 vv 44",
		archived: posting[archived]}}, // without a file
	"GET /c/:slug/:seq":         {rows: seeing},
	"GET /c/:slug/:seq/actions": {rows: seeing},
	"GET /c/:slug/:seq/history": {rows: seeing},
	"GET /c/:slug/pins":         {rows: seeing},
	"GET /c/:slug/days":         {rows: seeing},
	"POST /c/:slug/:seq/pin":    {rows: posting, keeps: true},
	"POST /c/:slug/:seq/unpin":  {rows: posting, keeps: true},
	"GET /unreads":              {row: signed},
	"POST /read": {row: does, more: []entry{
		{rows: wishing, path: "/read", form: "channel={slug}", keeps: true, reads: true},
	}},
	"POST /read/undo":           {row: "iii 444 44 44", form: "batch=1"},
	"GET /saved":                {row: signed},
	"GET /mentions":             {row: signed},
	"GET /files":                {row: signed},
	"GET /c/:slug/files":        {rows: seeing},
	"GET /search":               {row: signed},
	"POST /c/:slug/:seq/save":   {rows: wishing, keeps: true},
	"POST /c/:slug/:seq/unsave": {rows: wishing, keeps: true},
	"GET /c/:slug/:seq/edit":    {rows: author},
	"POST /c/:slug/:seq/edit":   {rows: changes, form: "body=other+words+{n}"},
	"GET /c/:slug/:seq/delete": {rows: perKind{public: "iii f4f 2f 22", private: author[private], direct: author[direct],
		archived: author[archived]}},
	"POST /c/:slug/:seq/delete": {rows: perKind{public: "iii f4f 3f 33", private: changes[private],
		direct: changes[direct], archived: changes[archived]}, form: "reason=Spam"},

	"GET /threads":                {row: signed},
	"GET /c/:slug/:seq/thread":    {rows: seeing},
	"POST /c/:slug/:seq/follow":   {rows: wishing, keeps: true},
	"POST /c/:slug/:seq/unfollow": {rows: wishing, keeps: true},

	"GET /emoji": {row: signed, path: "/emoji?for=/c/general-talk/1",
		absent: []string{"/emoji", "/emoji?for=/signout", "/emoji?for=//elsewhere.example/c/x/1", "/emoji?for=/c/x/1/edit"}},
	"GET /complete": {rows: seeing, path: "/complete?kind=user&q=a&channel=:slug", more: []entry{
		{rows: seeing, path: "/complete?kind=channel&q=a&channel=:slug"},
		{rows: seeing, path: "/complete?kind=emoji&q=ro&channel=:slug"},
		{rows: seeing, path: "/complete?kind=command&channel=:slug"},
	}},
	"POST /c/:slug/:seq/reactions":        {rows: posting, form: "emoji=👍", keeps: true},
	"POST /c/:slug/:seq/reactions/remove": {rows: posting, form: "emoji=👍", keeps: true},

	"GET /c/:slug/:seq/link-previews/:number": {rows: seeing, path: "/c/:slug/:seq/link-previews/7",
		absent: []string{"/c/general-talk/1/link-previews/x", "/c/general-talk/1/link-previews/8"}},
	"POST /c/:slug/:seq/link-previews/remove": {rows: perKind{public: "iii f4f 3f 33", private: changes[private],
		direct: changes[direct], archived: author[archived]}, form: "url=https://preview.example/{n}", keeps: true},

	"GET /c/:slug/:seq/report": {rows: perKind{public: "iii 242 f2 22", private: "iii 444 f2 44", direct: "iii 444 f2 44",
		archived: "iii 242 f2 22"}, reads: true},
	"POST /c/:slug/:seq/report": {rows: perKind{public: "iii 343 f3 33", private: "iii 444 f3 44", direct: "iii 444 f3 44",
		archived: "iii 343 f3 33"},
		reads: true, form: "reason=Spam"},
	"POST /c/:slug/:seq/unread": {rows: wishing, keeps: true, reads: true},
	"GET /c/:slug/:seq/quote":   {rows: wishing}, // to the message
	"GET /c/:slug/:seq/forward": {rows: seeing, reads: true},
	"POST /c/:slug/:seq/forward": {rows: wishing, keeps: true, reads: true, form: "to=general-talk&body=words",
		more: []entry{{rows: perKind{public: "iii v4v vv vv", private: "iii 444 vv 44", direct: "iii 444 vv 44",
			archived: "iii v4v vv vv"}, reads: true, form: "to=nowhere&body=words"}}},

	"POST /c/:slug/bans": {rows: perKind{public: "iii f4f fv vv", private: "iii 444 fv 44", direct: "iii 444 ff 44",
		archived: "iii f4f fv vv"},
		form: "name=Nobody+of+that+name",
		more: []entry{{rows: ousting, form: "name={someone}&days=1&reason=Spam", there: true}}},
	"POST /c/:slug/bans/:id/lift": {rows: removing, more: []entry{ // an unknown id
		{rows: removing, path: "/c/:slug/bans/{elsewhere}/lift"},
		{rows: ousting, path: "/c/:slug/bans/{owner_ban}/lift", there: true}, // by the channel's owner
		{rows: perKind{public: "iii f4f ff 33", private: "iii 444 ff 44", direct: "iii 444 ff 44", archived: "iii f4f ff 33"},
			path: "/c/:slug/bans/{admin_ban}/lift"}, // by an admin
	}},
	"GET /c/:slug/members": {rows: seeing},
	"POST /c/:slug/members": {rows: inviting, form: "name=Nobody+of+that+name", more: []entry{
		{rows: perKind{public: "iii f4f 33 33", private: "iii 444 33 44", direct: inviting[direct],
			archived: inviting[archived]}, form: "name={someone}", there: true},
		{rows: perKind{public: "iii f4f 33 33", private: "iii 444 33 44", direct: inviting[direct],
			archived: inviting[archived]}, form: "name={unseen}", there: true},
	}},
	"POST /c/:slug/members/:id/remove": {rows: removing, more: []entry{ // the id is nobody's
		{rows: removing, path: "/c/:slug/members/{user}/remove"}, // who is not in it
		{rows: ousting, path: "/c/:slug/members/{member}/remove", there: true},
	}},
	"POST /c/:slug/join": {rows: wishing},
	"POST /c/:slug/leave": {rows: perKind{public: wishing[public], private: wishing[private], direct: "iii 444 ff 44",
		archived: wishing[public]}},
	"POST /c/:slug/preferences": {rows: wishing, form: "notify=all"},
	"POST /c/:slug/hide": {rows: perKind{public: "iii f4f ff ff", private: "iii 444 ff 44", direct: "iii 444 33 44",
		archived: "iii f4f ff ff"}},
	"GET /c/:slug/settings": {rows: seeing},
	"POST /c/:slug/settings": {rows: perKind{public: running[public], private: running[private], direct: running[direct],
		archived: "iii f4f ff ff"}, form: "name=Renamed+{n}"},
	"POST /c/:slug/archive": {rows: running},
	"POST /c/:slug/restore": {rows: running},
	"GET /c/:slug/delete": {rows: perKind{public: "iii f4f f2 22", private: "iii 444 f2 44", direct: "iii 444 ff 44",
		archived: "iii f4f f2 22"}},
	"POST /c/:slug/delete": {rows: running},

	"GET /d": {row: signed},
	"POST /d": {row: "iii vvv vv vv", more: []entry{ // to nobody
		{row: "iii vvv vv vv", form: "with=1"},
		{row: does, form: "with={someoneID}"},
		{row: knowing, form: "with={unseenID}", there: true},
	}},
	"GET /me/blocks": {row: signed},
	"POST /me/blocks": {row: "iii vvv vv vv", form: "name=Nobody+of+that+name", more: []entry{
		{row: does, form: "name={someone}"},
		{row: knowing, form: "name={unseen}", there: true},
	}},
	"POST /me/blocks/:id/remove": {row: does, path: "/me/blocks/1/remove", absent: []string{"/me/blocks/x-x/remove"}},

	"GET /f/:id/thumb": {rows: seeing},
	"GET /f/:id/:name": {rows: seeing},
	"GET /live":        {row: "uuu uuu uu uu"}, // without a handshake; with one, see TestSocketMatrix
}
