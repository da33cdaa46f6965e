// What a query selects, by the grammar of Prometheus' own editor.

import { createRequire } from 'node:module';
import type { Parser, SyntaxNode } from '@lezer/common';

// Its types are those of an ES module only.
const { parser } = createRequire(__filename)('@prometheus-io/lezer-promql') as { parser: Parser };

export interface Selector {
  readonly metric: string | undefined;
  /** As written: `job=~"$job"`. */
  readonly matchers: readonly string[];
  /** The function whose argument it is, through a range. */
  readonly of: string | undefined;
  /** Its range, as written. */
  readonly range: string | undefined;
}

export interface Parsed {
  readonly selectors: readonly Selector[];
  /** Labels that it groups by, matches on or keeps. */
  readonly labels: readonly string[];
  readonly error: string | undefined;
}

export function parsePromql(expr: string): Parsed {
  const text = (node: SyntaxNode) => expr.slice(node.from, node.to);
  const selectors: Selector[] = [];
  const labels: string[] = [];
  let error: string | undefined;
  parser.parse(expr).iterate({
    enter: ({ node, type }) => {
      if (type.isError)
        error ??= `near ${JSON.stringify(expr.slice(Math.max(0, node.from - 20), node.to + 20))}`;
      if (node.name === 'GroupingLabels') labels.push(...node.getChildren('LabelName').map(text));
      if (node.name === 'VectorSelector') selectors.push(selectorAt(node, text));
    },
  });
  return { selectors, labels, error };
}

function selectorAt(node: SyntaxNode, text: (node: SyntaxNode) => string): Selector {
  const identifier = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  const call = (matrix ?? node).parent?.parent;
  return {
    metric: identifier ? text(identifier) : undefined,
    matchers: matchers.map(text),
    of: call?.name === 'FunctionCall' ? text(call.getChild('FunctionIdentifier')!) : undefined,
    range: matrix ? text(matrix).slice(text(node).length) : undefined,
  };
}
