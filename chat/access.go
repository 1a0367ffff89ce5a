package chat

import (
	"slices"
	"time"
)

// Access is what an actor may do in a channel, computed from facts read at one time: the actor's role, the channel's
// rules, the membership, bans, and the blocks of a direct conversation. Its methods read nothing more, so methods,
// handlers and views all apply the same rules. Outside a transaction it is good for showing a page and for an early
// refusal; a change is decided by what its transaction reads (see actIn). The zero Access allows nothing.
type Access struct {
	Channel    *Channel // must not be changed
	Membership Membership
	Role       Role
	User       ID
	General    bool // the channel that everyone is in: it cannot be left or changed

	cached    *cachedChannel
	readSeq   int64 // the newest message that the actor has read, valid if readKnown
	readKnown bool
	following bool  // of a thread: the actor follows it
	unreadRev int64 // of the actor's read mark, valid in a transaction, and if readKnown
	banned    bool
	// a member of the direct conversation and the actor have blocked one another, in either direction; false elsewhere
	someBlocked bool
	blocked     *Error // why the actor cannot post in the direct conversation; nil elsewhere
	ordinary    bool   // Channel.ordinary, as the transaction has read it
}

// canView reports whether a user of that role and state sees the channel: every path asks it. A channel that the user
// does not see must look exactly like one that does not exist.
func canView(ch *Channel, role Role, state State) bool {
	if ch.deleted || !role.Valid() {
		return false
	}
	return state == Joined || ch.Kind == Public && role != RoleGuest
}

// CanView reports whether the actor sees the channel.
func (acc Access) CanView() bool {
	return !acc.banned && acc.Channel != nil && canView(acc.Channel, acc.Role, acc.Membership.State)
}

// CanManage reports whether the actor may change the channel and its members: the channel's owner and the workspace's
// moderators may. Direct conversations cannot be managed.
func (acc Access) CanManage() bool {
	return acc.CanView() && acc.Channel.Kind != Direct && (acc.owns() || acc.Role.May(MayModerate))
}

// owns reports whether the user is an owner of the channel, and in it.
func (acc Access) owns() bool { return acc.Membership.Owner && acc.Membership.State == Joined }

// CanEditSettings reports whether the settings can be changed now: never while the channel is archived.
func (acc Access) CanEditSettings() bool { return acc.CanManage() && !acc.Channel.Archived() }

// CanDelete reports whether the actor may archive and delete the channel. General Talk can be neither archived nor
// deleted.
func (acc Access) CanDelete() bool { return acc.CanManage() && !acc.General }

// ArchiveRefusal returns why the actor cannot archive the channel, or nil.
func (acc Access) ArchiveRefusal() *Error {
	switch {
	case !acc.CanView():
		return errNotFound
	case !acc.CanManage():
		return errNotManager
	case acc.General:
		return Errorf(CodeForbidden, "%s is everyone's: it cannot be archived.", acc.Channel.Name)
	}
	return nil
}

// CanRemoveMembers reports whether the actor may remove members. General Talk keeps all its members.
func (acc Access) CanRemoveMembers() bool { return acc.CanManage() && !acc.General }

// CanPost reports whether the actor may post in the channel.
func (acc Access) CanPost() bool { return acc.PostRefusal() == nil }

// PostRefusal returns why the actor, who sees the channel, cannot post in it; nil when they can.
func (acc Access) PostRefusal() *Error {
	if refusal := acc.ReactRefusal(); refusal != nil {
		return refusal
	}
	if acc.Channel.Announce && !acc.CanManage() {
		return Errorf(CodeForbidden, "This channel is for announcements: only those who manage it write here.")
	}
	return nil
}

// CanReact reports whether the actor may react to the channel's messages.
func (acc Access) CanReact() bool { return acc.ReactRefusal() == nil }

// ReactRefusal returns why the actor, who sees the channel, cannot react to its messages; nil when they can. Readers of
// announcements may react, and slow mode does not count reactions.
func (acc Access) ReactRefusal() *Error {
	switch {
	case !acc.CanView():
		return errNotFound
	case !acc.Role.May(MayPost):
		return Errorf(CodeForbidden, "You may read here, and not write.")
	case acc.Channel.Archived():
		return errArchived
	}
	return acc.blocked
}

// CanUpload reports whether the actor may upload files where they may post.
func (acc Access) CanUpload() bool { return acc.Role.May(MayUpload) }

// PostDelay returns the minimum time between two messages of the actor; 0: no limit. It is 0 for those who manage the
// channel.
func (acc Access) PostDelay() time.Duration {
	if !acc.CanView() || acc.CanManage() {
		return 0
	}
	return time.Duration(acc.Channel.SlowSeconds) * time.Second
}

// ordinary reports whether every member of the workspace may post in the channel at any time, joined or not. It asks
// PostRefusal and PostDelay, so that none of their rules is missed where ordinary channels take a shorter path.
func (ch *Channel) ordinary() bool {
	anyone := Access{Channel: ch, Role: RoleMember}
	return anyone.PostRefusal() == nil && anyone.PostDelay() == 0
}

// CanAddMembers reports whether the actor may add others to the channel.
func (acc Access) CanAddMembers() bool { return acc.addRefusal() == nil }

func (acc Access) addRefusal() *Error {
	switch {
	case !acc.CanView():
		return errNotFound
	case acc.Channel.Kind == Direct:
		return Errorf(CodeForbidden, "A direct conversation is between those who are in it. Start another one with everyone.")
	case acc.Channel.Archived():
		return errArchived
	case acc.Role == RoleGuest, acc.Membership.State != Joined && !acc.CanManage():
		return Errorf(CodeForbidden, "Only those who are in a channel can let others in, and guests cannot.")
	}
	return nil
}

// CanJoin reports whether the actor, who is not a member, may join without being added.
func (acc Access) CanJoin() bool {
	return acc.CanView() && acc.Channel.Kind == Public && acc.Membership.State != Joined
}

// CanLeave reports whether the actor may leave the channel.
func (acc Access) CanLeave() bool { return acc.Membership.State == Joined && acc.leaveRefusal() == nil }

func (acc Access) leaveRefusal() *Error {
	switch {
	case !acc.CanView():
		return errNotFound
	case acc.General:
		return Errorf(CodeForbidden, "%s is everyone's: it cannot be left. It can be muted.", acc.Channel.Name)
	case acc.Channel.Kind == Direct:
		return Errorf(CodeForbidden, "A direct conversation cannot be left. It can be hidden until something new comes.")
	}
	return nil
}

// CanModerate reports whether the actor may remove messages of others: the workspace's moderators may, in every channel
// that they see except direct conversations.
func (acc Access) CanModerate() bool {
	return acc.CanView() && acc.Channel.Kind != Direct && acc.Role.May(MayModerate)
}

// CanBan reports whether the actor may ban the target from the channel. A moderator may ban users below them; the
// channel's owner may ban anyone except themself, other owners of the channel, and moderators.
func (acc Access) CanBan(target Access) bool {
	switch {
	case !acc.CanManage():
		return false
	case acc.Role.May(MayModerate):
		return acc.Role.Outranks(target.Role)
	}
	return target.User != acc.User && !target.owns() && !target.Role.May(MayModerate)
}

// ChangeRefusal returns why no message of the channel can be changed, or nil.
func (acc Access) ChangeRefusal() *Error {
	switch {
	case !acc.CanView():
		return errNotFound
	case acc.Channel.Archived():
		return errArchived
	}
	return nil
}

// EditRefusal returns why the actor cannot edit the message, or nil: only its author can.
func (acc Access) EditRefusal(m Message) *Error {
	return lineRefusal(m, acc.changeRefusal(m.Author.ID == acc.User))
}

// lineRefusal adds to a refusal that nobody can change a line that says what was done.
func lineRefusal(m Message, refusal *Error) *Error {
	if refusal == nil && m.Pins != 0 {
		return errLine
	}
	return refusal
}

// RemoveRefusal returns why the actor cannot remove the message, or nil: its author and moderators can.
func (acc Access) RemoveRefusal(m Message) *Error {
	return lineRefusal(m, acc.changeRefusal(m.Author.ID == acc.User || acc.CanModerate()))
}

// ReportRefusal returns why the actor cannot report the message to the moderators, or nil: everyone who sees it can but
// its author, also in an archived channel.
func (acc Access) ReportRefusal(m Message) *Error {
	if !acc.CanView() {
		return errNotFound
	}
	return reportRefusal(acc.Role, acc.User, m)
}

func reportRefusal(role Role, user ID, m Message) *Error {
	switch {
	case !role.May(MayReport):
		return Errorf(CodeForbidden, "You cannot report messages.")
	case m.Pins != 0:
		return errLine
	case m.Author.ID == user:
		return Errorf(CodeForbidden, "This message is your own: you can edit or delete it.")
	}
	return nil
}

func (acc Access) changeRefusal(theirs bool) *Error {
	if refusal := acc.ChangeRefusal(); refusal != nil || theirs {
		return refusal
	}
	return errNotAuthor
}

// mention returns those of the mentions that the actor may make, each once.
func (acc Access) mention(m mentions) []ID {
	who := m.who
	switch {
	case !acc.Role.May(MayMentionAll):
		who = slices.DeleteFunc(slices.Clone(who), func(id ID) bool { return id == mentionAll })
	case len(m.present) > 0:
		who = slices.Concat(who, m.present)
		slices.Sort(who)
		who = slices.Compact(who)
	}
	return who
}

// cacheable reports whether the access stays valid until somebody changes it: a ban ends at a set time, and channels
// with rules or few members are read anew each time.
func (acc *Access) cacheable() bool { return acc.ordinary && !acc.banned }

var (
	errArchived   = Errorf(CodeForbidden, "This channel is archived: it can be read, and not changed.")
	errNotAuthor  = Errorf(CodeForbidden, "Only the author can change a message.")
	errNotManager = Errorf(CodeForbidden, "Only the owner of a channel can do that.")
)
