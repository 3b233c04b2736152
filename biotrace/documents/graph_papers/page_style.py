"""The style sheet of a page: calm on a screen, a list on a telephone, and a report on paper."""

from __future__ import annotations

from .paints import EDGE, FONTS, INK, PALE_INK

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; padding: 20px 24px 40px; font: 15px/1.65 {FONTS}; color: {INK}; background: #fff;
  overflow-wrap: anywhere; line-break: strict; }}
h1 {{ font-size: 22px; line-height: 1.4; margin: 0 0 8px; }}
h2 {{ font-size: 17px; margin: 32px 0 8px; padding-bottom: 4px; border-bottom: 1px solid {EDGE}; }}
h3 {{ font-size: 16px; line-height: 1.45; margin: 0 0 8px; }}
a {{ color: #14507a; }}
:focus-visible {{ outline: 3px solid #14507a; outline-offset: 2px; }}
dl {{ display: grid; grid-template-columns: minmax(5.5em, max-content) 1fr; gap: 2px 14px; margin: 0; }}
dt {{ color: {PALE_INK}; max-width: 11em; }}
dd {{ margin: 0; white-space: pre-line; }}
ul {{ margin: 4px 0; padding-left: 1.3em; }}
[hidden] {{ display: none !important; }}
.legend {{ display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; margin: 16px 0 8px; padding: 0;
  font-size: 14px; }}
.legend li {{ display: flex; align-items: center; gap: 6px; }}
.legend svg {{ flex: none; overflow: visible; }}
.tools {{ display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin: 4px 0 8px; }}
button {{ font: inherit; color: inherit; background: #fff; border: 1px solid {PALE_INK}; border-radius: 4px;
  padding: 5px 14px; min-height: 36px; cursor: pointer; }}
button[aria-pressed=true] {{ background: #e6eef4; }}
.desk {{ display: flex; gap: 20px; align-items: flex-start; }}
.graph {{ flex: 1 1 0; min-width: 0; overflow: auto; max-height: 88vh; background: #fff; }}
.graph, .panel {{ border: 1px solid {EDGE}; border-radius: 4px; }}
.graph svg {{ display: block; margin: 0 auto; }}
.graph.fit svg {{ width: 100%; height: auto; }}
.panel {{ flex: 0 0 360px; position: sticky; top: 12px; max-height: 88vh; overflow: auto;
  padding: 14px 16px; background: #fbfcfc; }}
.panel .back {{ display: none; }}
.pieces {{ display: none; }}
.stop {{ cursor: pointer; -webkit-tap-highlight-color: transparent; }}
.stop:focus {{ outline: none; }}
.stop:hover .frame {{ stroke-width: 2; }}
.stop:focus-visible .frame, .stop.chosen .frame {{ stroke: {INK}; stroke-width: 4; }}
.dim {{ opacity: .25; }}
.verdict {{ white-space: nowrap; }}
.verdict svg {{ vertical-align: -4px; margin-right: 5px; }}
table {{ border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.5; }}
caption {{ text-align: left; color: {PALE_INK}; padding: 0 0 6px; }}
th, td {{ border: 1px solid {EDGE}; padding: 4px 8px; text-align: left; vertical-align: top; }}
thead th {{ background: #eef1f3; }}
tbody th {{ font-weight: normal; }}
tbody th, td.long {{ min-width: 8em; }}
td.number {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }}
td.short {{ white-space: nowrap; }}
.sheet {{ overflow-x: auto; }}
summary {{ cursor: pointer; margin: 32px 0 8px; }}
summary h2 {{ display: inline; border: 0; }}
article {{ border: 1px solid {EDGE}; border-radius: 4px; padding: 12px 16px; margin: 10px 0; }}
article:target {{ border: 2px solid {INK}; }}
article h4, .panel h4 {{ font-size: 14px; margin: 12px 0 2px; color: {PALE_INK}; }}
@media screen and (max-width: 1100px) {{
  .desk {{ flex-direction: column; gap: 12px; }}
  .graph, .panel {{ flex: none; width: 100%; }}
  .panel {{ position: static; max-height: none; }}
}}
@media screen and (max-width: 700px) {{
  body {{ padding: 14px 12px 32px; }}
  h1 {{ font-size: 19px; }}
  .graph {{ max-height: 66vh; }}
  .panel .back {{ display: inline-block; margin-top: 12px; }}
  .verdict {{ white-space: normal; }}
  dl {{ grid-template-columns: minmax(0, 6.5em) 1fr; }}
  table, tbody, tr, td, tbody th, caption {{ display: block; width: 100%; }}
  thead {{ display: none; }}
  tr {{ border: 1px solid {EDGE}; border-radius: 4px; margin: 8px 0; padding: 6px 10px; }}
  td, td.long, tbody th {{ min-width: 0; border: 0; padding: 1px 0; display: flex; gap: 10px; }}
  td:empty {{ display: none; }}
  td::before, tbody th::before {{ content: attr(data-name); color: {PALE_INK}; flex: none; width: 6.5em; }}
  td.number {{ text-align: left; }}
}}
@media print {{
  body {{ padding: 0; font-size: 10pt; }}
  .tools, .panel .back, .hint {{ display: none; }}
  .desk {{ display: block; }}
  .graph {{ border: 0; overflow: visible; max-height: none; }}
  .graph svg, .graph.fit svg {{ width: auto; height: auto; max-width: 100% !important; max-height: var(--high); }}
  .pieces {{ display: block; }}
  .pieces svg {{ display: block; break-inside: avoid; }}
  .pieces + .desk .graph {{ position: absolute; width: 0; height: 0; overflow: hidden; }}
  header dl.facts {{ grid-template-columns: repeat(2, minmax(5em, max-content) 1fr); line-height: 1.45; }}
  .legend {{ margin: 2mm 0 1mm; gap: 0 14px; font-size: 9pt; }}
  .panel {{ position: static; max-height: none; margin-top: 6mm; break-inside: avoid; }}
  .panel.empty {{ display: none; }}
  .dim {{ opacity: .35; }}
  table {{ font-size: 8.5pt; }}
  th, td {{ padding: 3px 5px; }}
  thead {{ display: table-header-group; }}
  tr, article {{ break-inside: avoid; }}
  h2, summary, caption, thead {{ break-after: avoid; }}
  tbody tr:first-child {{ break-before: avoid; }}
  a {{ color: inherit; text-decoration: none; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  .records:not([open]), .records summary::marker {{ display: none; }}
}}
"""
