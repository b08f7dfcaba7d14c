// Runs pytest on the CPython that the npm package `pyodide` brings:
// node pytest_in_node.mjs TREE PACKAGES ARGUMENTS...
// TREE is this repository, PACKAGES a folder of pure Python packages, pytest among them.
import { loadPyodide } from "pyodide";

const [tree, packages, ...options] = process.argv.slice(2);
const environment = { HOME: "/tmp", HYPOTHESIS_PROFILE: process.env.HYPOTHESIS_PROFILE ?? "dev" };
const python = await loadPyodide({ env: environment });
for (const [place, folder] of [["/tree", tree], ["/site-packages", packages]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, place);
}
const sys = python.pyimport("sys");
sys.dont_write_bytecode = true;
for (const place of ["/site-packages", "/tree/src", "/tree"]) sys.path.insert(0, place);
python.pyimport("os").chdir("/tree");
const { run } = python.pyimport("tests.node.pytest_in_node");
process.exitCode = run(python.toPy(options));
