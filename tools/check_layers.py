#!/usr/bin/env python3
"""Keeps the rooms of src/ apart: tools/check_layers.py src tools/layers.txt

Fails, with one line a fault, when
- a file includes a top room that tools/layers.txt does not allow its own,
- a room stands in layers.txt above one that it may see, or is not in it at all,
- a heavy library's header stands outside its one door,
- the includes between rooms (all depths) run in a circle,
- a room's CMakeLists.txt does not name in DEPENDS a room that it includes (or reaches
  over one that it names), or names one that no file of its own includes, directly or
  through what it includes.

A room is a folder whose CMakeLists.txt calls ringfort_room(<folder> ...), or builds a
program by add_executable (a face: what it links stands for DEPENDS); a file
belongs to the room that lists it in SOURCES, a header to that of the source of the same
name, else to the nearest room above it. Tests (_test.cc, _fuzz.cc, _fixture_internal.h) may see what they
like.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
ROOM = re.compile(r"ringfort_room\s*\(([^)]*)\)")
PROGRAM = re.compile(r"add_executable\s*\(([^)]*)\)")
KEYWORDS = {"SOURCES", "DEPENDS", "LIBRARIES", "TESTS", "TEST_DEPENDS"}


class Rules:
    def __init__(self, text):
        self.floor, self.allowed, self.doors, self.faults = {}, {}, [], []
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            left, colon, right = line.partition(":")
            words = left.split()
            if not colon or len(words) != 2 or not (words[0] == "only" or words[0].isdigit()):
                self.faults.append(f"layers.txt:{number}: cannot read `{line}`")
            elif words[0] == "only":
                self.doors.append((words[1].split(","), right.split()))
            else:
                self.floor[words[1]] = int(words[0])
                self.allowed[words[1]] = set(right.split())
        for room, seen in self.allowed.items():
            for other in sorted(seen):
                if other not in self.floor:
                    self.faults.append(f"layers.txt: {room} may see {other}, which is no room")
                elif self.floor[other] >= self.floor[room]:
                    self.faults.append(f"layers.txt: {room} may see {other}, which is not on a lower floor")


class Room:
    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.sources, self.depends, self.program = [], set(), ""


def read_rooms(root):
    """Rooms by name, from the ringfort_room() calls below `root`."""
    rooms = {}
    for path in sorted(root.rglob("CMakeLists.txt")):
        text = re.sub(r"#[^\n]*", "", path.read_text())
        # `set(name value)` and a generator's absence matter little here; variables are
        # looked up so that optional sources count.
        values = {}
        for name, value in re.findall(r"set\s*\(\s*(\w+)\s+([^)]*)\)", text):
            values[name] = values.get(name, "") + " " + value
        text = re.sub(r"\$\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)
        for call in ROOM.findall(text):
            words = call.split()
            room = rooms.setdefault(words[0], Room(words[0], path.parent))
            section = ""
            for word in words[1:]:
                if word in KEYWORDS:
                    section = word
                elif section == "SOURCES":
                    room.sources.append(word)
                elif section == "DEPENDS":
                    room.depends.add(word)
        for call in PROGRAM.findall(text):
            words = call.split()
            name = path.parent.relative_to(root).as_posix()
            room = rooms.setdefault(name, Room(name, path.parent))
            room.program = words[0]
            room.sources += words[1:]
        for target, linked in re.findall(r"target_link_libraries\s*\(\s*(\w+)\s+([^)]*)\)", text):
            for room in rooms.values():
                if target in ("ringfort_" + room.name.replace("/", "_"), room.program):
                    room.depends |= {word for word in linked.split()
                                     if word.startswith("ringfort_") and word != "ringfort_options"}
    by_target = {"ringfort_" + name.replace("/", "_"): name for name in rooms}
    for room in rooms.values():
        room.depends = {by_target.get(name, name) for name in room.depends}
    return rooms


def room_of_files(root, rooms):
    """Which room each source and header (path below root) belongs to."""
    owner = {}
    for room in rooms.values():
        for source in room.sources:
            path = (room.folder / source).resolve()
            if path.is_relative_to(root):
                owner[path.relative_to(root).as_posix()] = room.name
    files = sorted(path for end in ("*.h", "*.cc") for path in root.rglob(end))
    stems = {pathlib.PurePath(path).with_suffix("").as_posix(): name for path, name in owner.items()}
    for path in files:
        here = path.relative_to(root).as_posix()
        if here in owner:
            continue
        stem = pathlib.PurePath(here).with_suffix("").as_posix().removesuffix("_internal")
        if stem in stems:
            owner[here] = stems[stem]
            continue
        for folder in pathlib.PurePath(here).parents:
            if folder.as_posix() in rooms:
                owner[here] = folder.as_posix()
                break
    return files, owner


def find_circle(graph):
    """One circle of the graph as a list of names, or nothing."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for other in sorted(graph.get(name, ())):
            if circle := visit(other):
                return circle
        path.pop()
        done.add(name)
        return None

    for name in sorted(graph):
        if circle := visit(name):
            return circle
    return None


def reachable(graph, start):
    seen, todo = set(), [start]
    while todo:
        for other in graph.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def check(root, layers):
    """All faults, as sentences."""
    root = pathlib.Path(root).resolve()
    rules = Rules(pathlib.Path(layers).read_text())
    faults = list(rules.faults)
    rooms = read_rooms(root)
    files, owner = room_of_files(root, rooms)
    tops = {path.relative_to(root).parts[0] for path in files if len(path.relative_to(root).parts) > 1}
    for top in sorted(tops - rules.floor.keys()):
        faults.append(f"{top}/ stands on no floor: add it to layers.txt")

    graph = {name: set() for name in rooms}
    for path in files:
        here = path.relative_to(root)
        if path.name.endswith(("_test.cc", "_fuzz.cc", "_fixture_internal.h")):
            continue
        name, top = here.as_posix(), here.parts[0]
        mine = owner.get(name)
        if mine is None:
            faults.append(f"{name}: belongs to no room; no CMakeLists.txt above it declares one")
        for quote, header in INCLUDE.findall(path.read_text(errors="replace")):
            for doors, closed in rules.doors:
                inside = name.startswith(tuple(door + "/" for door in doors))
                if not inside and any(header == one or one.endswith("/") and header.startswith(one) for one in closed):
                    faults.append(f"{name}: <{header}> belongs to {' and '.join(door + '/' for door in doors)} alone")
            if quote != '"':
                if header.split("/")[0] in rules.floor and (root / header).exists():
                    faults.append(f"{name}: {header} is ours: include it with quotes")
                continue
            if ".." in header.split("/") or not (root / header).exists():
                faults.append(f"{name}: \"{header}\" is not a path below src/")
                continue
            other = header.split("/")[0]
            if other not in {top, "base"} and other not in rules.allowed.get(top, set()):
                faults.append(f"{name}: {top}/ may not include {header}")
            theirs = owner.get(header)
            if None not in (mine, theirs) and theirs != mine:
                graph[mine].add(theirs)

    if circle := find_circle(graph):
        faults.append("the rooms include each other in a circle: " + " -> ".join(circle))
    depends = {name: room.depends & rooms.keys() for name, room in rooms.items()}
    for name, room in sorted(rooms.items()):
        for other in sorted(room.depends - rooms.keys()):
            faults.append(f"{name}: DEPENDS names {other}, which is no room")
        linked = reachable(depends, name)
        for other in sorted(graph[name] - linked):
            faults.append(f"{name}: includes {other}, but its DEPENDS does not lead there")
        needed = reachable(graph, name)
        for other in sorted(depends[name] - needed):
            faults.append(f"{name}: DEPENDS names {other}, but no file of it includes anything of {other}")
    return faults


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: check_layers.py SRC LAYERS.TXT")
    found = check(sys.argv[1], sys.argv[2])
    for fault in found:
        print(fault)
    sys.exit(1 if found else 0)
