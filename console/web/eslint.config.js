// What the compiler does not see: the rules of hooks, and HTML made from data.

import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const NO_HTML = "Text from items is never HTML.";

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts", "scripts", "*.js"] },
  ...tseslint.configs.strict,
  hooks.configs.flat["recommended-latest"],
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      // It speaks of React's compiler, which is not used here.
      "react-hooks/incompatible-library": "off",
      "no-restricted-properties": ["error", { property: "innerHTML", message: NO_HTML }, { property: "outerHTML", message: NO_HTML }],
      "no-restricted-syntax": ["error", { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: NO_HTML }],
    },
  },
);
