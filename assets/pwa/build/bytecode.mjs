// node bytecode.mjs PYODIDE APP OUT: byte-compiles the standard library and the app with the very
// Pyodide that will run them. The zips are importable as they are: x.pyc stands where x.py stood,
// unchecked (nobody edits a zip), and not deflated, so that the server's brotli sees through them.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [pyodide, app, out] = process.argv.slice(2).map((one) => path.resolve(one));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, 'pyodide.mjs')).href);
const python = await loadPyodide({ indexURL: pyodide });
for (const [name, folder] of Object.entries({ pyodide, app, out })) {
  python.FS.mkdirTree(`/${name}`);
  python.mountNodeFS(`/${name}`, folder);
}

const counts = python.runPython(`
import importlib.util, os, re, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

NOT_NEEDED = re.compile(
    r"(idlelib|turtle|turtledemo|tkinter|lib2to3|ensurepip|venv|unittest|doctest|pydoc|pydoc_data|pdb"
    r"|test|sqlite3|dbm|curses|wsgiref|xmlrpc|xml/|multiprocessing|ctypes|imaplib|smtplib|poplib"
    r"|ftplib|mailbox|optparse|cProfile|profile|pstats|_pyrepl|pyclbr|pickletools|__phello__"
    r"|asyncio/(windows|proactor))"
)
ENCODINGS = re.compile(  # cp437 reads zips, idna host names
    r"encodings/(__init__|aliases|ascii|charmap|cp437|cp1252|idna|iso8859_1|latin_1|punycode"
    r"|raw_unicode_escape|undefined|unicode_escape|utf_|mbcs|_win_cp|hex_codec|base64_codec)"
)

def standard_library():
    with zipfile.ZipFile("/pyodide/python_stdlib.zip") as shipped:
        for name in sorted(shipped.namelist()):
            encoding = name.startswith("encodings/")
            if name.endswith("/") or NOT_NEEDED.match(name) or (encoding and not ENCODINGS.match(name)):
                continue
            yield name, shipped.read(name)

def app():
    for folder, folders, files in os.walk("/app"):
        folders.sort()
        for file in sorted(files):
            path = Path(folder, file)
            yield str(path.relative_to("/app")), path.read_bytes()

def pack(items, to):
    count = 0
    with zipfile.ZipFile(to, "w") as packed:
        for name, content in items:
            if name.endswith(".py"):
                code = compile(content, name, "exec", dont_inherit=True)
                content = bytes(_code_to_hash_pyc(code, importlib.util.source_hash(content), False))
                name += "c"
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
            count += 1
    return count

f"{pack(standard_library(), '/out/pyodide/stdlib.zip')} modules, {pack(app(), '/out/app.zip')} of the app"
`);
console.log(`byte code: ${counts}`);
process.exit(0);
