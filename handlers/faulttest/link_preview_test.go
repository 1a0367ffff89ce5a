package faulttest

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Links in TestCrash: a channel of its own, because a preview changes its message. The pages behind them are in the
// program's cache, so nothing is fetched.
const (
	linksPath  = "/c/links"
	linksPause = 10 * time.Millisecond
	linkPages  = 8
)

func linkTo(n int) string { return fmt.Sprintf("https://preview.example/%d", n%linkPages) }

// cacheLinks caches what the pages say. The program is down.
func cacheLinks(t *testing.T, data string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "chat.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for n := range linkPages {
		_, err := db.Exec(`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture,
			picture_size) VALUES ($1, $2, 0, $3, $4, '', 'Example', 0, 0)`, n+1, linkTo(n),
			time.Now().UnixMilli(), fmt.Sprint("Page ", n))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// link posts links until there is enough.
func link(ctx context.Context, t *testing.T, p *client, enough <-chan struct{}) {
	tick := time.NewTicker(linksPause)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		// one that is cut off may have been posted or not: either is right
		if _, _, err := p.post(ctx, linksPath+"/messages", nil, "body", linkTo(n)+" and "+linkTo(n+1)); ctx.Err() != nil {
			t.Error(err)
			return
		}
	}
}

// checkLinks tests that each message has the previews that it says, as of one rev.
func checkLinks(t *testing.T, data string) {
	t.Helper()
	tx, end := snapshot(t, data)
	defer end()
	revs := make(map[int64]bool)
	each(t, tx, `SELECT m.seq, m.rev, m.link_previews, c.last_seq, c.last_rev,
			(SELECT count(*) FROM message_link_previews p WHERE p.channel_id = m.channel_id AND p.seq = m.seq)
		FROM messages m JOIN channels c ON c.id = m.channel_id WHERE c.slug = 'links'`,
		func(scan func(...any) error) error {
			var seq, rev, says, lastSeq, lastRev, has int64
			err := scan(&seq, &rev, &says, &lastSeq, &lastRev, &has)
			if says != has || has != 0 && rev == seq || rev > lastRev || seq > lastSeq || revs[rev] {
				t.Errorf("message %d of %d, at rev %d of %d, says %d previews and has %d", seq, lastSeq, rev, lastRev, says, has)
			}
			revs[rev] = true
			return err
		})
}

// checkLinkedPage tests that the newest message gets its previews, after all crashes.
func checkLinkedPage(t *testing.T, p *client) {
	t.Helper()
	ctx := context.Background()
	const id = "said-linker-1"
	status, body, err := p.post(ctx, linksPath+"/messages", nil, "client_id", id, "body", linkTo(1)+" "+id)
	if err != nil || status != http.StatusOK {
		t.Fatalf("no post: %d, %v, %.300s", status, err, body)
	}
	eventually(t, "the last link has its preview", func() bool {
		status, body, err := p.get(ctx, linksPath)
		_, last, found := strings.Cut(body, id)
		return err == nil && status == http.StatusOK && found && strings.Contains(last, ">Page 1</a>")
	})
}
