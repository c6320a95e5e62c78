/** main.ts, on Node. The order counts. */
import "./deno_on_node.ts";
import "../../main.ts";
