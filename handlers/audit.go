package handlers

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// maxExport bounds the entries of one download. For more, the filter selects other days.
const maxExport = 100_000

// auditFilter reads the filter from the query. Days are those of the zone in which the page shows the log: the
// browser's, or UTC without JavaScript. The last day is included.
func auditFilter(c *fiber.Ctx) (chat.AuditFilter, views.AuditView) {
	value := func(name string) string { return sanitizeEcho(strings.Clone(c.Query(name))) }
	v := views.AuditView{Action: value("action"), Name: value("name"), From: value("from"), To: value("to"),
		Zone: value("zone")}
	f := chat.AuditFilter{Action: v.Action, Name: v.Name}
	zone := zoneOf(v.Zone)
	if from, err := time.Parse(time.DateOnly, v.From); err == nil {
		f.From = dayBegins(from.Year(), from.Month(), from.Day(), zone)
	} else {
		v.From = ""
	}
	if to, err := time.Parse(time.DateOnly, v.To); err == nil {
		f.To = dayBegins(to.Year(), to.Month(), to.Day()+1, zone)
	} else {
		v.To = ""
	}
	return f, v
}

func (s adminHandlers) showAudit(c *fiber.Ctx, a chat.Actor) error {
	f, v := auditFilter(c)
	before, _ := chat.ParseID(strings.Clone(c.Query("before"))) // anything but an id means the first page
	list, more, err := s.Chat.Admin.Audit(c.UserContext(), a, f, before)
	if err != nil {
		return err
	}
	if v.Actions, err = s.Chat.Admin.AuditActions(c.UserContext(), a); err != nil {
		return err
	}
	if v.Entries = list; more {
		v.Older = list[len(list)-1].ID
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component { return views.AuditPage(l, v) })
}

// auditLine is an entry in the export.
type auditLine struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	ActorID string    `json:"actor_id"`
	Address string    `json:"address,omitempty"`
	Action  string    `json:"action"`
	User    string    `json:"user,omitempty"`
	UserID  string    `json:"user_id,omitempty"`
	Channel string    `json:"channel,omitempty"`
	Detail  string    `json:"detail,omitempty"`

	Times int        `json:"times,omitempty"` // within a minute; absent: once
	Last  *time.Time `json:"last,omitempty"`
}

// exportAudit sends the log as JSON lines, newest first.
func (s adminHandlers) exportAudit(c *fiber.Ctx, a chat.Actor) error {
	f, _ := auditFilter(c)
	f.Limit = 1000 // of maxExport at a time
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	before, more := chat.ID(0), true
	for n := 0; more && n < maxExport; n += f.Limit {
		var list []chat.AuditEntry
		var err error
		if list, more, err = s.Chat.Admin.Audit(c.UserContext(), a, f, before); err != nil {
			return err
		}
		for _, e := range list {
			before = e.ID
			l := auditLine{ID: e.ID.String(), At: e.At.UTC(), Actor: e.Actor, ActorID: e.ActorID.String(), Address: e.Address,
				Action: e.Action, User: e.User, Channel: e.Channel, Detail: e.Detail}
			if e.UserID != 0 {
				l.UserID = e.UserID.String()
			}
			if last := e.Last.UTC(); e.Times > 1 {
				l.Times, l.Last = e.Times, &last
			}
			if err := out.Encode(l); err != nil {
				return err
			}
		}
	}
	c.Set(fiber.HeaderContentType, "application/jsonl")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="audit.jsonl"`)
	return c.Send(b.Bytes())
}
