// MathJax without a browser: `typeset` gives a formula's HTML, `styleSheet` what it needs.
// MathJax's own files stand after `console` and `MathJax`, and before the rest.

globalThis.console = { log() {}, warn() {}, error() {} };
globalThis.MathJax = { startup: { typeset: false }, loader: { load: [] } };

// ---

const { _: parts } = globalThis.MathJax;
const adaptor = parts.adaptors.liteAdaptor.liteAdaptor();
parts.a11y["assistive-mml"].AssistiveMmlHandler(parts.handlers.html_ts.RegisterHTMLHandler(adaptor));

const page = parts.mathjax.mathjax.document("", {
  InputJax: new parts.input.tex_ts.TeX({
    // A formula that MathJax cannot read ends the build; in a browser it would be red.
    packages: parts.input.tex.AllPackages.AllPackages.filter(
      (name) => !["noerrors", "noundefined", "require", "autoload"].includes(name),
    ),
    formatError: (_, error) => {
      throw error;
    },
  }),
  OutputJax: new parts.output.chtml_ts.CHTML({
    font: new parts.output.chtml.fonts.tex_ts.TeXFont({ fontURL: "fonts" }),
    adaptiveCSS: false,
  }),
});

function typeset(code, display) {
  try {
    return JSON.stringify({ html: adaptor.outerHTML(page.convert(code, { display })) });
  } catch (error) {
    return JSON.stringify({ error: String(error.message) });
  }
}

function styleSheet() {
  return adaptor.textContent(page.outputJax.styleSheet(page));
}
