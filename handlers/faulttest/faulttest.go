// Package faulttest does to the running program what the world will do to it, and holds what was promised all the same:
// what was acknowledged is there, once and in its place, and whoever reads sees all of it.
//
//   - TestCrash kills the program while people talk, over and over: -crashes says how often.
//   - TestRestart restarts it under a thousand open sockets.
//   - TestFullDisk lets its disk run full, and makes room again.
//   - TestMisbehave sends it thousands of clients that do what no browser does.
//   - TestFilesRunOut takes all the files that it may have open.
//
// They run in short forms with every test run. The long ones are the commands `task crash` and `task soak`.
package faulttest
