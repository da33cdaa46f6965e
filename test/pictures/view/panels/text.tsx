import { renderTextPanelMarkdown, textUtil } from '@grafana/data';
import { optionsOf, type PanelProps } from './props';

export function TextPanel(props: PanelProps) {
  const { mode = 'markdown', content = '' } = optionsOf<{ mode?: string; content?: string }>(props);
  const text = props.replace(content, {}, 'html');
  const html = mode === 'html' ? textUtil.sanitizeTextPanelContent(text) : renderTextPanelMarkdown(text);
  return (
    <div
      className="markdown-html"
      style={{ height: '100%', overflow: 'auto' }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
