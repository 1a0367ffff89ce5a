-- A database with the schema up to 00021_link_previews.sql: made by the program of that time, and written by sqlite3's .dump. The link preview alone was put there by hand, and the setting that names the file of which it is a copy was taken out.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(3,2,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(4,3,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(5,4,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(6,5,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(7,6,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(8,7,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(9,8,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(10,9,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(11,10,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(12,11,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(13,12,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(14,13,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(15,14,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(16,16,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(17,17,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(18,18,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(19,19,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(20,20,1,'2026-11-30 18:13:27');
INSERT INTO goose_db_version VALUES(21,21,1,'2026-11-30 18:13:27');
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO settings VALUES('epoch','WFHLXFISAIEHR3LCPHQ4BT2B2D');
INSERT INTO settings VALUES('device_key','S5FPKXTQUGO24C7V4RJYHLXWGA');
INSERT INTO settings VALUES('likenesses','Unicode 17.0.0, 3');
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters VALUES('names',1);
INSERT INTO counters VALUES('memberships',7);
INSERT INTO counters VALUES('emoji',0);
CREATE TABLE users (
    id              BIGINT PRIMARY KEY,
    name            TEXT NOT NULL,
    name_key        TEXT UNIQUE,
    name_rev        BIGINT NOT NULL,
    posted          BOOLEAN NOT NULL,
    last_channel_id BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
, role TEXT NOT NULL DEFAULT 'member', deactivated_at BIGINT NOT NULL DEFAULT 0, handle TEXT, email TEXT NOT NULL DEFAULT '', pronouns TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', time_zone TEXT NOT NULL DEFAULT '', status_emoji TEXT NOT NULL DEFAULT '', status_text TEXT NOT NULL DEFAULT '', status_until BIGINT NOT NULL DEFAULT 0, avatar BIGINT NOT NULL DEFAULT 0, avatar_size BIGINT NOT NULL DEFAULT 0, away BOOLEAN NOT NULL DEFAULT FALSE);
INSERT INTO users VALUES(120950337617347789,'Ada','ada',0,1,0,1796062407636,'member',0,NULL,'','','','','','',0,0,0,0);
INSERT INTO users VALUES(120950337639572636,'Bob','bob',0,1,120950337429668875,1796062407641,'member',0,NULL,'','','','','','',0,0,0,0);
INSERT INTO users VALUES(120950337648977283,'Eva','eva',1,1,120950337429668875,1796062407644,'member',0,NULL,'','','','','','',0,0,0,0);
CREATE TABLE sessions (
    id         BIGINT PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
, user_agent TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', key_hash TEXT, key_role TEXT NOT NULL DEFAULT '', key_sent_at BIGINT NOT NULL DEFAULT 0, data BYTEA);
INSERT INTO sessions VALUES(120950337618437556,120950337617347789,1796062407636,1796062407636,1803838407636,'python','127.0.0.1','d653c38768c9852829d8d2292cfe49c6b8873ca43446feb6305dbe9058edf05a','member',1796062407636,NULL);
INSERT INTO sessions VALUES(120950337641324547,120950337639572636,1796062407641,1796062407641,1803838407641,'python','127.0.0.1','1c04e7d15047db580e73094fee571a620e37c37ffdad5a6d459364052726ebb1','member',1796062407641,NULL);
INSERT INTO sessions VALUES(120950337651548217,120950337648977283,1796062407644,1796062407644,1803838407644,'python','127.0.0.1','fa6f2fc341267827074b802c9df7884971f184eec4cfa87891e814463d575343','member',1796062407644,NULL);
CREATE TABLE channels (
    id         BIGINT PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL UNIQUE,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seq   BIGINT NOT NULL,
    last_rev   BIGINT NOT NULL
, kind TEXT NOT NULL DEFAULT 'public', topic TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', archived_at BIGINT NOT NULL DEFAULT 0, announce_only BOOLEAN NOT NULL DEFAULT FALSE, slow_seconds BIGINT NOT NULL DEFAULT 0, members_key TEXT, edition BIGINT NOT NULL DEFAULT 0, deleted_at BIGINT NOT NULL DEFAULT 0, general BOOLEAN NOT NULL DEFAULT FALSE, last_at BIGINT NOT NULL DEFAULT 0);
INSERT INTO channels VALUES(120950337429668875,'general-talk','General Talk','general talk',0,1796062407591,27,35,'public','','',0,0,0,NULL,0,0,1,1796062407925);
INSERT INTO channels VALUES(120950338101121563,'side-room','Side room','side room',120950337617347789,1796062407751,2,2,'public','','',0,0,0,NULL,0,0,0,1796062407802);
INSERT INTO channels VALUES(120950338324906214,'secret-tz6tkeiacgybxdxteal3qxys5v','Secret','  x2xbecxgezq',120950337617347789,1796062407805,3,4,'private','','',0,0,0,NULL,0,0,0,1796062407866);
INSERT INTO channels VALUES(120950338689786137,'d-f6w2e3uokkpnrca5wrkj4cu5h6','','  x2xbeiyp255',120950337617347789,1796062407892,2,2,'direct','','',0,0,0,'x2xbe186zf1-x2xbe1lfc7w',0,0,0,1796062407901);
INSERT INTO channels VALUES(120950338748906431,'old-place','Old place','old place',120950337617347789,1796062407906,1,1,'public','','',1796062407914,0,0,NULL,1,0,0,1796062407910);
CREATE TABLE memberships (
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    read_seq   BIGINT NOT NULL,
    joined_at  BIGINT NOT NULL, state TEXT NOT NULL DEFAULT 'joined', role TEXT NOT NULL DEFAULT 'member', favourite BOOLEAN NOT NULL DEFAULT FALSE, muted BOOLEAN NOT NULL DEFAULT FALSE, notify TEXT NOT NULL DEFAULT 'all', hidden_seq BIGINT NOT NULL DEFAULT -1, rev BIGINT NOT NULL DEFAULT 0, posted_at BIGINT NOT NULL DEFAULT 0, shut BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (channel_id, user_id)
);
INSERT INTO memberships VALUES(120950337429668875,120950337617347789,25,1796062407636,'joined','member',0,0,'all',-1,0,0,0);
INSERT INTO memberships VALUES(120950337429668875,120950337639572636,27,1796062407641,'joined','member',0,0,'all',-1,0,0,0);
INSERT INTO memberships VALUES(120950337429668875,120950337648977283,26,1796062407644,'joined','member',0,0,'all',-1,0,0,0);
INSERT INTO memberships VALUES(120950338101121563,120950337617347789,1,1796062407751,'joined','owner',0,0,'all',-1,1,0,0);
INSERT INTO memberships VALUES(120950338101121563,120950337648977283,2,1796062407802,'joined','member',0,0,'all',-1,2,0,0);
INSERT INTO memberships VALUES(120950338324906214,120950337617347789,1,1796062407805,'joined','owner',0,0,'all',-1,3,0,0);
INSERT INTO memberships VALUES(120950338324906214,120950337639572636,3,1796062407807,'joined','member',0,0,'all',-1,4,0,0);
INSERT INTO memberships VALUES(120950338689786137,120950337639572636,2,1796062407892,'joined','member',0,0,'all',0,5,0,0);
INSERT INTO memberships VALUES(120950338689786137,120950337617347789,1,1796062407892,'joined','member',0,0,'all',-1,6,0,0);
INSERT INTO memberships VALUES(120950338748906431,120950337617347789,1,1796062407906,'joined','owner',0,0,'all',-1,7,0,0);
CREATE TABLE messages (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    client_id  TEXT NOT NULL,
    body       TEXT NOT NULL,
    continued  BOOLEAN NOT NULL,
    files      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at  BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL, removed_by BIGINT NOT NULL DEFAULT 0, html TEXT NOT NULL DEFAULT '', reactions BIGINT NOT NULL DEFAULT 0, link_previews BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (channel_id, seq)
);
INSERT INTO messages VALUES(120950337429668875,1,12,120950337617347789,'2b549cddc8cf4b4ea018cb5267406b23','the **first** message, with `code` and @Bob',0,0,1796062407647,0,0,0,'2pthe <strong>first</strong> message, with <code>code</code> and <a class="mention" href="/u/x2xbe1lfc7w">@Bob</a>',2,0);
INSERT INTO messages VALUES(120950337429668875,2,14,120950337639572636,'c7c62f007bcb49728818ae76a03ad72b','an answer to @Ada in #general-talk :tada:',0,0,1796062407662,0,0,0,'2pan answer to <a class="mention" href="/u/x2xbe186zf1">@Ada</a> in <a class="channel" href="/c/general-talk">#general-talk</a> 🎉',1,0);
INSERT INTO messages VALUES(120950337429668875,3,13,120950337639572636,'dedd1aa032cb45c08c64054516682d70','said thrice, edited again',1,0,1796062407665,1796062407669,0,0,'',1,0);
INSERT INTO messages VALUES(120950337429668875,4,7,120950337648977283,'092be1499e4b4eb9bc6891fbd434656c','',0,0,1796062407671,0,1796062407672,0,'2t',0,0);
INSERT INTO messages VALUES(120950337429668875,5,8,120950337617347789,'2ad6426ed8bb4fb1a719a3b8b95ae175','a link https://preview.example/page',0,0,1796062407673,0,0,0,'',0,1);
INSERT INTO messages VALUES(120950337429668875,6,9,120950337617347789,'f1','with a file',1,1,1796062407680,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950337429668875,7,15,120950337617347789,'eedfbd636eec4325a1eecb2d794cfe9e',replace('filler 0\n\n- list\n- of things','\n',char(10)),1,0,1796062407694,0,0,0,replace('2b<p>filler 0</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,8,16,120950337639572636,'c04307eec0c1438fac8a8f570d0731d6',replace('filler 1\n\n- list\n- of things','\n',char(10)),0,0,1796062407702,0,0,0,replace('2b<p>filler 1</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,9,17,120950337648977283,'2be6f62e601142e49036c6009ecec0ef',replace('filler 2\n\n- list\n- of things','\n',char(10)),0,0,1796062407705,0,0,0,replace('2b<p>filler 2</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,10,18,120950337617347789,'53740021d5364983a520afa388f8ad0d',replace('filler 3\n\n- list\n- of things','\n',char(10)),0,0,1796062407710,0,0,0,replace('2b<p>filler 3</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,11,19,120950337639572636,'4addbe2c98c64276bd351b31cda20198',replace('filler 4\n\n- list\n- of things','\n',char(10)),0,0,1796062407712,0,0,0,replace('2b<p>filler 4</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,12,20,120950337648977283,'f178e71491f94019961aab05e398868a',replace('filler 5\n\n- list\n- of things','\n',char(10)),0,0,1796062407714,0,0,0,replace('2b<p>filler 5</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,13,21,120950337617347789,'692f74ec43bd4afe952aa391c5affd5b',replace('filler 6\n\n- list\n- of things','\n',char(10)),0,0,1796062407715,0,0,0,replace('2b<p>filler 6</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,14,22,120950337639572636,'055b6f5ab3114631bf399ba9e6c51490',replace('filler 7\n\n- list\n- of things','\n',char(10)),0,0,1796062407717,0,0,0,replace('2b<p>filler 7</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,15,23,120950337648977283,'377b3514dfe948259c33c28bff634ffe',replace('filler 8\n\n- list\n- of things','\n',char(10)),0,0,1796062407718,0,0,0,replace('2b<p>filler 8</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,16,24,120950337617347789,'0f34031dfc0b4304af2e7ca17276e37c',replace('filler 9\n\n- list\n- of things','\n',char(10)),0,0,1796062407719,0,0,0,replace('2b<p>filler 9</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,17,25,120950337639572636,'bdbe90ef96a549879db4b52937cd4891',replace('filler 10\n\n- list\n- of things','\n',char(10)),0,0,1796062407721,0,0,0,replace('2b<p>filler 10</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,18,26,120950337648977283,'0ef2ecd372c141ca9a90cc6773d99679',replace('filler 11\n\n- list\n- of things','\n',char(10)),0,0,1796062407722,0,0,0,replace('2b<p>filler 11</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,19,27,120950337617347789,'f977a7cf1c974ee482905066935cc60c',replace('filler 12\n\n- list\n- of things','\n',char(10)),0,0,1796062407723,0,0,0,replace('2b<p>filler 12</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,20,28,120950337639572636,'1dbdfb1ac46d4c44b859b7f4e6dc90cd',replace('filler 13\n\n- list\n- of things','\n',char(10)),0,0,1796062407734,0,0,0,replace('2b<p>filler 13</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,21,29,120950337648977283,'b642f12492c242c7968685368f5ddc9a',replace('filler 14\n\n- list\n- of things','\n',char(10)),0,0,1796062407741,0,0,0,replace('2b<p>filler 14</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,22,30,120950337617347789,'e5f91835e40a4082ac6c36c70a0396d0',replace('filler 15\n\n- list\n- of things','\n',char(10)),0,0,1796062407743,0,0,0,replace('2b<p>filler 15</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,23,31,120950337639572636,'fc7d927ced9d44109a5ec9374f2c0b68',replace('filler 16\n\n- list\n- of things','\n',char(10)),0,0,1796062407745,0,0,0,replace('2b<p>filler 16</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,24,32,120950337648977283,'feade48447e7451dbcf87783b23d458b',replace('filler 17\n\n- list\n- of things','\n',char(10)),0,0,1796062407746,0,0,0,replace('2b<p>filler 17</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,25,33,120950337617347789,'326d02e5c966466d9991a1885dc48fcf',replace('filler 18\n\n- list\n- of things','\n',char(10)),0,0,1796062407748,0,0,0,replace('2b<p>filler 18</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950337429668875,26,34,120950337639572636,'ea5546ee5c1e4a64a44c3bcfb0b89b6a',replace('filler 19\n\n- list\n- of things','\n',char(10)),0,0,1796062407749,0,0,0,replace('2b<p>filler 19</p>\n<ul>\n<li>list</li>\n<li>of things</li>\n</ul>','\n',char(10)),0,0);
INSERT INTO messages VALUES(120950338101121563,1,1,120950337617347789,'e0c5d5a8ef694bb68917352ffbf17406','in the side room',0,0,1796062407775,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950338101121563,2,2,120950337648977283,'3a8f0bfee15f453aaba172c3d39944ff','eve too @Ada',0,0,1796062407802,0,0,0,'2peve too <a class="mention" href="/u/x2xbe186zf1">@Ada</a>',0,0);
INSERT INTO messages VALUES(120950338324906214,1,3,120950337617347789,'0c20cd01fe86492e8dc834d22068967f','a secret for @Bob',0,0,1796062407846,0,0,0,'2pa secret for <a class="mention" href="/u/x2xbe1lfc7w">@Bob</a>',1,0);
INSERT INTO messages VALUES(120950338324906214,2,2,120950337639572636,'7e7e9082d7d5488882052f297827e0c5','kept',0,0,1796062407848,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950338324906214,3,4,120950337639572636,'f2','the secret file',1,1,1796062407866,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950338689786137,1,1,120950337617347789,'3adde075fe2540d2b2c48fbab1ccfa64','just us two',0,0,1796062407899,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950338689786137,2,2,120950337639572636,'488f44d713384bd3b2cd9e5d1bfd5b0b','indeed',0,0,1796062407901,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950338748906431,1,1,120950337617347789,'cf8b9350ae7b4b16a0865c45642df99c','archived words',0,0,1796062407910,0,0,0,'',0,0);
INSERT INTO messages VALUES(120950337429668875,27,35,120950337639572636,'f7f6a16a84794981b2d611b3456f4149','for @Eva',1,0,1796062407925,0,0,0,'2pfor <a class="mention" href="/u/x2xbe1r0ww3">@Eva</a>',0,0);
CREATE TABLE attachments (
    channel_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    thumb      BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL, moves BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (channel_id, id)
);
INSERT INTO attachments VALUES(120950337429668875,120950337780249935,6,0,120950337617347789,'notes.txt','text/plain; charset=utf-8',10,0,0,0,1796062407680,0);
INSERT INTO attachments VALUES(120950338324906214,120950338577273153,3,0,120950337639572636,'secret.txt','text/plain; charset=utf-8',12,0,0,0,1796062407866,0);
CREATE TABLE passwords (
    user_id     BIGINT PRIMARY KEY,
    hash        TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    passkey_too BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE totps (
    user_id      BIGINT PRIMARY KEY,
    secret       TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step    BIGINT NOT NULL
, started_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL,
    hash    TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, hash)
);
CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    data       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    data       TEXT NOT NULL
);
INSERT INTO tokens VALUES('789a5d48bcedca0ce0ea2d2d51758ca25aaa26d4a2734a041e04164fd558adc8','owner',0,0,1796062407600,1798654407600,'');
CREATE TABLE invitations (
    id         BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    max_uses   BIGINT NOT NULL,
    uses       BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL
);
CREATE TABLE invitation_channels (
    invitation_id BIGINT NOT NULL,
    channel_id    BIGINT NOT NULL,
    PRIMARY KEY (invitation_id, channel_id)
);
CREATE TABLE old_slugs (
    slug       TEXT PRIMARY KEY,
    channel_id BIGINT NOT NULL
, edition BIGINT NOT NULL DEFAULT 0);
CREATE TABLE blocks (
    user_id    BIGINT NOT NULL,
    blocked_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE TABLE bans (
    id         BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    lifted_at  BIGINT NOT NULL
);
CREATE TABLE reports (
    id         BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_by  BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL
, author_id BIGINT NOT NULL DEFAULT 0, said_at BIGINT NOT NULL DEFAULT 0, body TEXT NOT NULL DEFAULT '', files TEXT NOT NULL DEFAULT '');
INSERT INTO reports VALUES(120950338802201704,120950337429668875,1,120950337639572636,'noise',1796062407918,0,0,120950337617347789,1796062407647,'the **first** message, with `code` and @Bob','');
CREATE TABLE audit (
    id         BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor_id   BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    address    TEXT NOT NULL,
    action     TEXT NOT NULL,
    user_id    BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    detail     TEXT NOT NULL
, times BIGINT NOT NULL DEFAULT 1, last_at BIGINT NOT NULL DEFAULT 0, user_name TEXT NOT NULL DEFAULT '');
INSERT INTO audit VALUES(120950338338752612,1796062407807,120950337617347789,'Ada','127.0.0.1','channel.member_added',120950337639572636,120950338324906214,'',1,0,'Bob');
INSERT INTO audit VALUES(120950338783032631,1796062407914,120950337617347789,'Ada','127.0.0.1','channel.changed',0,120950338748906431,'archived',1,0,'');
INSERT INTO audit VALUES(120950338802955174,1796062407918,120950337639572636,'Bob','127.0.0.1','report.created',120950337617347789,120950337429668875,'message 1: noise',1,0,'Ada');
CREATE TABLE mentions (
    channel_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (channel_id, user_id, seq)
);
INSERT INTO mentions VALUES(120950337429668875,120950337639572636,1);
INSERT INTO mentions VALUES(120950337429668875,120950337617347789,2);
INSERT INTO mentions VALUES(120950338101121563,120950337617347789,2);
INSERT INTO mentions VALUES(120950338324906214,120950337639572636,1);
INSERT INTO mentions VALUES(120950337429668875,120950337648977283,27);
CREATE TABLE likenesses (
    likeness TEXT NOT NULL,
    user_id  BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (likeness, user_id)
);
INSERT INTO likenesses VALUES('ada',120950337617347789);
INSERT INTO likenesses VALUES('one ada',120950337617347789);
INSERT INTO likenesses VALUES('bob',120950337639572636);
INSERT INTO likenesses VALUES('one bob',120950337639572636);
INSERT INTO likenesses VALUES('eva',120950337648977283);
INSERT INTO likenesses VALUES('one eva',120950337648977283);
CREATE TABLE channel_likenesses (
    likeness   TEXT NOT NULL,
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    PRIMARY KEY (likeness, channel_id)
);
INSERT INTO channel_likenesses VALUES('generaltalk',120950337429668875);
INSERT INTO channel_likenesses VALUES('several generaltalk',120950337429668875);
INSERT INTO channel_likenesses VALUES('several sideroorn',120950338101121563);
INSERT INTO channel_likenesses VALUES('sideroorn',120950338101121563);
INSERT INTO channel_likenesses VALUES('oldplace',120950338748906431);
INSERT INTO channel_likenesses VALUES('several oldplace',120950338748906431);
CREATE TABLE reactions (
	channel_id BIGINT NOT NULL,
	seq        BIGINT NOT NULL,
	emoji      TEXT   NOT NULL,
	user_id    BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (channel_id, seq, emoji, user_id)
);
INSERT INTO reactions VALUES(120950337429668875,1,'👍',120950337617347789,1796062407683);
INSERT INTO reactions VALUES(120950337429668875,1,'👍',120950337639572636,1796062407685);
INSERT INTO reactions VALUES(120950337429668875,1,'🎉',120950337648977283,1796062407688);
INSERT INTO reactions VALUES(120950337429668875,3,'❤️',120950337639572636,1796062407689);
INSERT INTO reactions VALUES(120950337429668875,2,'👀',120950337617347789,1796062407691);
INSERT INTO reactions VALUES(120950338324906214,1,'🙏',120950337639572636,1796062407850);
CREATE TABLE message_versions (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    rev        BIGINT NOT NULL,
    body       TEXT NOT NULL,
    html       TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq, rev)
);
INSERT INTO message_versions VALUES(120950337429668875,3,3,'said twice','',1796062407665);
INSERT INTO message_versions VALUES(120950337429668875,3,4,'said *twice*, edited','2psaid <em>twice</em>, edited',1796062407667);
CREATE TABLE emoji (
    id         BIGINT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    size       BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE link_previews (
    id           BIGINT NOT NULL PRIMARY KEY,
    url          TEXT   NOT NULL,
    scope        BIGINT NOT NULL, -- the channel; 0: all that are public
    fetched_at   BIGINT NOT NULL,
    title        TEXT   NOT NULL,
    description  TEXT   NOT NULL,
    site         TEXT   NOT NULL,
    picture      BIGINT NOT NULL,
    picture_size BIGINT NOT NULL -- bytes
);
INSERT INTO link_previews VALUES(1,'https://preview.example/page',0,1796062407700,'The previewed page','What it is about','preview.example',0,0);
CREATE TABLE message_link_previews (
    channel_id BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    url        TEXT   NOT NULL,
    href       TEXT   NOT NULL,
    place      BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    preview_id BIGINT NOT NULL,
    PRIMARY KEY (channel_id, seq, url)
);
INSERT INTO message_link_previews VALUES(120950337429668875,5,'https://preview.example/page','https://preview.example/page',0,1,1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',21);
CREATE INDEX users_by_name_rev ON users (name_rev);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE UNIQUE INDEX messages_by_client_id ON messages (channel_id, user_id, client_id);
CREATE UNIQUE INDEX messages_by_rev ON messages (channel_id, rev);
CREATE INDEX attachments_by_message ON attachments (channel_id, seq, position);
CREATE INDEX attachments_by_id ON attachments (id);
CREATE INDEX attachments_waiting ON attachments (created_at) WHERE seq = 0;
CREATE UNIQUE INDEX users_by_handle ON users (handle);
CREATE INDEX passkeys_by_user ON passkeys (user_id);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);
CREATE UNIQUE INDEX channels_by_members ON channels (members_key);
CREATE INDEX memberships_by_rev ON memberships (rev);
CREATE INDEX bans_by_user ON bans (user_id, channel_id);
CREATE INDEX reports_open ON reports (closed_at, id);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX users_by_status_until ON users (status_until) WHERE status_until > 0;
CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar > 0;
CREATE INDEX mentions_by_message ON mentions (channel_id, seq);
CREATE UNIQUE INDEX reports_once ON reports (channel_id, seq, created_by) WHERE closed_at = 0;
CREATE UNIQUE INDEX channels_general ON channels (general) WHERE general;
CREATE INDEX channels_by_maker ON channels (created_by);
CREATE INDEX likenesses_by_user ON likenesses (user_id);
CREATE INDEX attachments_waiting_by_user ON attachments (user_id, created_at) WHERE seq = 0;
CREATE INDEX messages_deleted ON messages (channel_id, seq) WHERE deleted_at > 0;
CREATE INDEX channels_unsaid ON channels (created_by, created_at) WHERE kind = 'direct' AND last_seq = 0 AND deleted_at = 0;
CREATE INDEX channels_deleted ON channels (deleted_at) WHERE deleted_at > 0;
CREATE INDEX users_without_post ON users (id) WHERE NOT posted;
CREATE INDEX mentions_by_user ON mentions (user_id);
CREATE INDEX channel_likenesses_by_channel ON channel_likenesses (channel_id);
CREATE UNIQUE INDEX sessions_by_key ON sessions (key_hash);
CREATE INDEX reactions_by_user ON reactions (user_id, created_at);
CREATE INDEX link_previews_by_url ON link_previews (url, scope, fetched_at);
CREATE INDEX link_previews_by_time ON link_previews (fetched_at);
CREATE INDEX link_previews_by_picture ON link_previews (picture) WHERE picture > 0;
CREATE INDEX message_link_previews_by_preview ON message_link_previews (preview_id);
COMMIT;
