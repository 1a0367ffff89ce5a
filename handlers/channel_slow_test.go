package handlers

import (
	"net/url"
	"strconv"
	"testing"
	"time"
)

func TestSlowMode(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	at := "/c/" + c.channels[public].slug
	name := c.channels[public].slug
	page := bob.dial(subscribeRequest{Channel: c.channels[public].slug, Epoch: c.Chat.Epoch()})
	page.until("#channels")
	boss.get(at+"/settings").want(200, "Slow mode", `<option value="0" selected>Off</option>`)
	boss.post(at+"/settings", url.Values{"name": {name}, "slow": {"7"}}).want(422, "Choose one of the times")
	boss.post(at+"/settings", url.Values{"name": {name}, "slow": {"300"}}).want(303)
	page.until(`hx-target="#slow"`, "Slow mode: one message every 5 minutes")
	boss.get(at+"/settings").want(200, `<option value="300" selected>`, "every 5 minutes from each")
	boss.get(at).want(200).wantNot("Slow mode: one")
	bob.get(at).want(200, `<span id="slow">Slow mode: one message every 5 minutes</span>`)

	begun := time.Now()
	first := bob.post(at+"/messages", url.Values{"body": {"first"}, "client_id": {"x"}}, asHTMX...).want(200)
	bob.post(at+"/messages", url.Values{"body": {"first"}, "client_id": {"x"}}, asHTMX...).want(200, first.body) // a retry
	for _, headers := range [][]string{nil, asHTMX} {
		a := bob.post(at+"/messages", url.Values{"body": {"what comes next"}, "client_id": {"y"}}, headers...).
			want(429, "what comes next</textarea>", `value="y"`, "This channel is in slow mode", `<span id="slow">Slow mode`)
		wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
		if err != nil || wait > 300 || float64(wait) < 300-time.Since(begun).Seconds()-1 {
			t.Errorf("Retry-After: %d, %v, some %v after the message", wait, err, time.Since(begun))
		}
	}
	for range 2 {
		boss.post(at+"/messages", url.Values{"body": {"words"}}, asHTMX...).want(200)
	}
}
