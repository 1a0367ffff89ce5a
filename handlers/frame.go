package handlers

import (
	"bytes"
	"context"
	"errors"

	"chitchat/chat"
	"chitchat/handlers/socket"
	"chitchat/views"
)

// Frame returns the WebSocket frame that shows rows on every page of their channel: see chat.Options.
func Frame(rows []chat.Row) []byte {
	parts := make([][]byte, 0, len(rows)+2)
	begin := views.RowsBegin
	if len(rows) > 0 && rows[0].Thread { // all are of one feed
		begin = views.RepliesBegin
	}
	parts = append(parts, begin)
	for _, row := range rows {
		parts = append(parts, row.HTML)
	}
	return socket.Text(append(parts, views.RowsEnd)...)
}

// render renders a batch. Rows come before counts, so that no count is shown before its message.
func (k *client) render(w *bytes.Buffer, b chat.Update) error {
	ctx := context.Background()
	var err error
	if k.outdated {
		k.outdated = false
		err = views.LiveVersion().Render(ctx, w)
	}
	if b.Resync != nil {
		err = errors.Join(err, views.LiveRenew(*b.Resync).Render(ctx, w))
	}
	if b.Thread != nil {
		err = errors.Join(err, views.LiveRenewThread(*b.Thread).Render(ctx, w))
	}
	if len(b.Rows) > 0 {
		err = errors.Join(err, views.LiveRows(w, b.Rows))
	}
	if b.ChannelInfo != nil {
		err = errors.Join(err, views.LiveFacts(*b.ChannelInfo).Render(ctx, w))
	}
	if len(b.Profiles) > 0 {
		err = errors.Join(err, views.LiveNames(b.Profiles, b.ProfileRev).Render(ctx, w))
	}
	if b.Channels != nil {
		current := k.subscription.Channel()
		if digest := views.ListDigest(&b.Sidebar, current, b.Drafts); digest == k.list {
			err = errors.Join(err, views.LiveCounts(w, b.Channels))
		} else {
			k.list = digest
			err = errors.Join(err, views.LiveChannels(&b.Sidebar, current, b.Drafts, digest).Render(ctx, w))
		}
	}
	if len(b.Unread) > 0 {
		err = errors.Join(err, views.LiveUnread(w, b.Unread))
	}
	if b.Threads != nil {
		err = errors.Join(err, views.LiveThreads(b.Threads).Render(ctx, w))
	}
	if b.Typing != nil {
		err = errors.Join(err, views.LiveTyping(b.Typing).Render(ctx, w))
	}
	if b.Mark != nil {
		err = errors.Join(err, views.LiveMark(*b.Mark).Render(ctx, w))
	}
	if b.Online > 0 {
		err = errors.Join(err, views.LiveOnline(b.Online).Render(ctx, w))
	}
	return err
}

// RenderRow appends a message's row, the same for every reader: see chat.Options.
func RenderRow(b []byte, m chat.Message) []byte { return views.AppendRow(b, m) }
