"""Writes text/src/test/resources/chat/golden.json: what transformers makes of chat templates.

Run with the pinned environment (transformers 5.23.0, jinja2 3.1.6):
    ~/.cache/attune/models/.venv/bin/python scripts/make_chat_golden.py

  constructs    single constructs of Jinja over one conversation; an error where transformers has one
  unsupported   what transformers renders and Attune refuses, with the construct that its error must name
  renderings    the templates of chat/templates over whole conversations, through apply_chat_template
"""

import datetime
import json
from pathlib import Path

import transformers.utils.chat_template_utils as chat_template_utils
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

OUT = Path(__file__).resolve().parent.parent / "text/src/test/resources/chat"
NOW = datetime.datetime(2024, 7, 6, 15, 4, 9)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


MESSAGES = [
    {"role": "system", "content": " Be brief. "},
    {"role": "user", "content": "Hello, \"world\" <b>&'x'</b>"},
    {
        "role": "assistant",
        "content": "Hi there",
        "tool_calls": [
            {
                "type": "function",
                "function": {"name": "f", "arguments": {"a": 1, "b": [1, 2.5, None, True], "é": "ü\n"}},
            }
        ],
    },
    {"role": "tool", "content": None, "name": "f", "items": [1, 2], "keys": "k"},
    {"role": "user", "content": [{"type": "text", "text": "part"}, {"type": "image"}]},
]
VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "custom": "C"}

CONSTRUCTS = {
    "white space and literals": [
        '{% if true %}\nA\n{% endif %}\nB',
        'x\n  {% if true %}\n  A\n\t{% endif %}\nB',
        'a {% if true %} b {% endif %} c',
        'a \n {%- if true -%} \n b \n {%- endif -%} \n c',
        'a \n {{- 1 -}} \n b',
        '  {%+ if true %}\n a{% endif +%}\nb',
        'a\n  {# c #}\nb {#- d -#} e',
        '{{ 1 }}\n{{ 2 }}\n  {{ 3 }}\n',
        'abc\n\n',
        'a\r\n{% if true %}\r\nb\r\n{% endif %}\r\nc',
        '{% raw %}{{ x }}{% if %}{% endraw %}',
        'a\n  {%- raw -%}  {{ x }}  {%- endraw -%}  b',
        '{{ \'a\\nb\\tc\\\\d\\\'e\\"f\' }}{{ \'\\u2581\\x41\' }}{{ \'\\d\' }}',
        "{{ 'a\n  b' }}",
        "{%- for m in messages %}\n    {%- if m.role == 'user' %}\n        {{- 'U' }}\n    {%- endif %}\n{%- endfor %}",
        "{{ '}}' }}{{ '%}' }}{{ '{{' }}{% if '%}' == '%}' %}ok{% endif %}",
        "{{ {'a': {'b': 1}}['a']['b'] }}",
        "{{ {'a': {'b': 1}}}}",
        '{{ 1 }} {{ 1.0 }} {{ 1e20 }} {{ 0.1 }} {{ 1e-7 }} {{ true }} {{ False }} {{ none }} {{ None }} {{ 1_000 }}',
        "{{ [1, 'a', none, true, 1.5] }} {{ (1, 2) }} {{ (1,) }} {{ () }} {{ {'a': 1, 'b': ['c']} }}",
        '{{ ["it\'s", \'say "x"\', \'n\n\', \'é\', \'\\\\\'] }}',
        '{{ messages[2] }}',
        "{{ none ~ 'a' ~ 1 ~ true }}",
        '{{ \'a\' \'b\' "c" }}',
    ],
    "operators": [
        '{{ 7 / 2 }} {{ 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 2 ** 10 }} {{ -2 ** 2 }} {{ 7.5 // 2 }} {{ 2 ** -1 }}',
        "{{ 1 + 2 }} {{ 'a' + 'b' }} {{ [1] + [2] }} {{ 1 + 2.5 }} {{ 1 - 3 }} {{ 'ab' * 2 }} {{ [1] * 2 }} {{ true + 1 }}",
        "{{ 'a' + 1 }}",
        "{{ 'a' + none }}",
        "{{ 1 + 2 * 3 ~ 'x' ~ 4 - 1 }} {{ not 1 == 2 }} {{ 1 + 1 == 2 and 3 > 2 or false }} {{ 2 * 3 % 4 }}",
        "{{ -1|abs }} {{ 1 + 2|string|length }} {{ 'a' ~ 'b'|upper }} {{ 'a' + 'b'|upper }}",
        "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ [1,2] == [1,2] }} {{ {'a':1} == {'a':1} }} {{ true == 1 }} {{ '1' == 1 }} {{ none == false }}",
        "{{ 'a' < 1 }}",
        "{{ 'a' and 'b' }} {{ '' or 'x' }} {{ 0 or none }} {{ [] or 'e' }} {{ 1 and 0 }} {{ not [] }} {{ not {} }} {{ not 0.0 }} {{ not ' ' }} {{ 'false' and 1 }}",
        "{{ 'a' in 'abc' }} {{ 'x' not in ['x'] }} {{ 'role' in messages[0] }} {{ 1 in (1,2) }} {{ not 'a' in 'b' }} {{ '' in 'abc' }}",
        "{{ 'y' if true else 'n' }}[{{ 'y' if false }}]{{ 1 if false else 2 if false else 3 }}",
        "{{ 'y' if messages }}{{ 'y' if messages[3].content else 'n' }}{{ 'y' if '0' else 'n' }}",
    ],
    "items, slices and what is undefined": [
        "{{ messages[0].role }} {{ messages[-1]['role'] }} {{ 'abc'[0] }} {{ 'abc'[-1] }} [{{ [1][5] }}] {{ messages[0]['ro' + 'le'] }} {{ messages.0.role }}",
        "{{ [1,2,3,4][1:] }} {{ [1,2,3,4][:-1] }} {{ [1,2,3,4][::-1] }} {{ [1,2,3,4][1:3] }} {{ [1,2,3,4][-2:] }} {{ [1,2,3,4][::2] }} {{ 'abcd'[1:-1] }} {{ 'abc'[::-1] }} {{ [1][5:] }} {{ [1,2,3][:10] }} {{ (1,2,3)[1:] }} {{ [1,2,3,4][-1:0:-2] }}",
        '{% for m in messages[1:] %}{{ m.role }},{% endfor %}{% for m in messages[::-1] %}{{ loop.index0 }}{% endfor %}',
        '{% set n = 2 %}{{ [1,2,3][n:] }}{{ [1,2,3][:n-1] }}{{ messages[loop_start|default(1):]|length }}',
        "{{ messages[3]['items'] }} {{ messages[3].items() | list | length }} {{ messages[3]['keys'] }}",
        "{{ messages[0].get('role') }} {{ messages[0].get('x') }} {{ messages[0].get('x', 'd') }} {{ messages[0].keys()|list }} {{ messages[0].values()|list }}",
        '{% for k, v in messages[0].items() %}{{ k }}={{ v }};{% endfor %}{% for k in messages[0] %}{{ k }},{% endfor %}{{ messages[0]|length }}{{ messages[0]|list }}',
        "[{{ nope }}][{{ messages[0].nope }}][{{ messages[0]['nope'] }}]{% for x in nope %}x{% endfor %}{{ nope|length }}{{ nope|default('d') }}{{ 'y' if nope else 'n' }}",
        '{{ nope.attr }}',
        '{{ messages[0].nope.attr }}',
        "{{ nope + 'a' }}",
        "[{{ nope ~ 'a' }}]",
        "{{ nope == none }} {{ nope == nope2 }} {{ nope is none }} {{ nope in ['a'] }}",
        '{{ nope() }}',
        '[{{ none.x }}]',
        '{{ none.x.y }}',
        '{% for x in none %}{% endfor %}',
        '[{{ (1).x }}]',
    ],
    "tests": [
        '{{ nope is defined }} {{ nope is not defined }} {{ nope is undefined }} {{ messages is defined }} {{ messages[0].nope is defined }} {{ none is defined }} {{ messages[3].content is defined }}',
        "{% for x in ['s', 1, 1.5, true, none, [1], (1,), {'a': 1}] %}{{ x is string }}{{ x is number }}{{ x is integer }}{{ x is float }}{{ x is boolean }}{{ x is none }}{{ x is mapping }}{{ x is iterable }}{{ x is sequence }}{{ x is true }}{{ x is false }}{{ x is callable }};{% endfor %}",
        "{{ 4 is divisibleby 2 }} {{ 4 is divisibleby(3) }} {{ 3 is odd }} {{ 3 is even }} {{ 1 is eq 1 }} {{ 1 is sameas 1 }} {{ 1 is in [1] }} {{ 'a' is lower }} {{ 'A' is upper }} {{ 2 is gt 1 }} {{ 'x' is equalto 'x' }} {{ 1 is ne 2 }} {{ 1 is ge(1) }} {{ 1 is lessthan 2 }}",
        "{{ not nope is defined }} {{ messages is defined and messages[0].role is string }} {{ 'a' is string and not 1 is string }} {{ 1 + 1 is number }}",
        "{{ 'upper' is filter }} {{ 'foo' is filter }} {{ 'string' is test }}",
        '{{ 1 is frobnicated }}',
    ],
    "filters": [
        "{{ 'aB c'|upper }} {{ 'aB c'|lower }} {{ 'hello wORLD-foo it\\'s'|title }} {{ 'aB c'|capitalize }} [{{ '  a '|trim }}] [{{ 'xxaxx'|trim('x') }}]",
        "{{ [1,2]|length }} {{ 'abc'|count }} {{ {'a':1}|length }} {{ messages|length }}",
        "{{ nope|default('d') }} {{ none|default('d') }} {{ ''|default('d', true) }} {{ none|d('d', true) }} {{ messages[0].x|default('z') }} {{ ''|default('q', boolean=True) }}",
        "{{ ['a','b']|join }} {{ [1,2]|join(', ') }} {{ messages|map(attribute='role')|join('|') }} {{ messages|join(',', attribute='role') }} {{ 'abc'|join('-') }}",
        "{{ [1,2]|first }} {{ [1,2]|last }} {{ 'abc'|first }} [{{ []|first }}] {{ messages|last is mapping }}",
        "{{ 'abc'|list }} {{ (1,2)|list }} {{ range(3)|list }} {{ {'a':1}|list }}",
        "{{ ['a','b']|map('upper')|list }} {{ messages|map(attribute='role')|list }} {{ [' a ']|map('trim')|join }} {{ messages|map(attribute='x', default='n')|list }} {{ [1,2]|map('string')|list }} {{ ['a']|map('replace','a','b')|list }}",
        "{{ [1,2,3,4]|select('odd')|list }} {{ [1,0,2]|select|list }} {{ [1,2]|reject('eq', 1)|list }} {{ messages|selectattr('role','equalto','user')|list|length }} {{ messages|rejectattr('role','equalto','user')|map(attribute='role')|list }} {{ messages|selectattr('tool_calls','defined')|list|length }} {{ messages|selectattr('role','in',['user','tool'])|list|length }} {{ messages|selectattr('name')|list|length }} {{ messages|selectattr('role','==','user')|list|length }}",
        "{{ [3,1,2]|sort }} {{ ['b','A','c']|sort }} {{ ['b','A']|sort(case_sensitive=true) }} {{ [1,2,3]|sort(reverse=true) }} {{ [{'a':2},{'a':1}]|sort(attribute='a') }}",
        "{{ ['a','A','b','a']|unique|list }} {{ [1,2,1]|unique|list }}",
        "{{ [1,2,3]|reverse|list }} {{ 'abc'|reverse }}",
        "{{ 'aXbX'|replace('X','-') }} {{ 'aXbX'|replace('X','-',1) }} {{ 'a.b'|replace('.','\\\\') }}",
        '{{ messages[2]|tojson }}',
        "{{ messages[2]|tojson(indent=2) }}\n{{ {}|tojson(indent=4) }}{{ []|tojson(indent=4) }}{{ {'a':[]}|tojson(indent=1) }}",
        "{{ {'b':1,'a':'é/<>&'}|tojson(sort_keys=true) }} {{ {'a':[1,2]}|tojson(separators=(',',':')) }} {{ 'é😀'|tojson(ensure_ascii=true) }} {{ 'é\\u2028\\x7f\\x01'|tojson }}",
        '{{ none|tojson }} {{ true|tojson }} {{ 1.0|tojson }} {{ 1e20|tojson }} {{ 1e16|tojson }} {{ 1e-7|tojson }} {{ 0.00001|tojson }} {{ 123456789.123|tojson }} {{ (1,2)|tojson }} {{ {1: 2, none: 3}|tojson }}',
        '{{ nope|tojson }}',
        "{% for k, v in {'a':1,'b':2}|items %}{{ k }}{{ v }}{% endfor %}{{ nope|items|list }}",
        "{% for k, v in {'b':1,'A':2}|dictsort %}{{ k }}{{ v }}{% endfor %} {{ {'b':1,'a':2}|dictsort(by='value') }} {{ {'b':1,'a':2}|dictsort(reverse=true) }}",
        "{{ '3'|int + 1 }} {{ 'x'|int }} {{ 'x'|int(5) }} {{ '1.5'|float }} {{ 3.7|int }} {{ 5|string + 'a' }} {{ none|string }} {{ [1]|string }} {{ true|string }} {{ 1.0|string }}",
        "{{ -3|abs }} {{ 2.567|round(2) }} {{ 2.5|round }} {{ 3.5|round }} {{ 2.1|round(method='ceil') }} {{ [1,2,3]|sum }} {{ [3,1]|min }} {{ [3,1]|max }} {{ messages|sum(attribute='n', start=1) if false }}",
        "{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\nb'|indent(first=true, width=1) }}|{{ 'a\n\nb'|indent(2, blank=true) }}|{{ 'a\nb'|indent('>') }}",
        '{{ \'<b>&"\'|escape }} {{ \'<b>\'|e }} {{ \'<b>\'|safe }} {{ \'<>\' }}',
        "{{ '%s and %d'|format('a', 3) }} {{ '%s-%s' % ('a', 'b') }} {{ '%s' % 'x' }} {{ '%.2f' % 1.234 }} {{ '%05d' % 42 }}",
        "{{ messages[0]|attr('role') }}|",
        "{{ 'a'|frobnicate }}",
        "{% if false %}{{ 'a'|frobnicate }}{% endif %}ok",
        "{{ 'a'|replace('a', 'b')|upper|replace('B','c') }}{{ ('a' ~ 'b')|upper }}{{ 'x'.strip()|upper }}",
    ],
    "methods": [
        "[{{ '  a '.strip() }}][{{ ' a '.lstrip() }}][{{ ' a '.rstrip() }}][{{ 'xxaxy'.strip('xy') }}][{{ '\\n a\\n'.strip('\\n') }}][{{ 'aab'.lstrip('a') }}][{{ 'baa'.rstrip('a') }}]",
        "{{ 'a b  c'.split() }} {{ 'a,b,,c'.split(',') }} {{ 'a</think>b'.split('</think>')[-1] }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ''.split(',') }} {{ ''.split() }} {{ 'a.b'.split('.') }} {{ 'a|b'.split('|') }} {{ 'abc'.split(',')|length }}",
        "{{ 'a\\nb\\r\\nc'.splitlines() }} {{ 'a\\n'.splitlines() }} {{ 'a\\n'.splitlines(true) }}",
        "{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'x'.partition('=') }}",
        "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith('bc') }} {{ 'abc'.startswith(('x','a')) }} {{ 'abc'.startswith('b', 1) }} {{ not 'a'.startswith('b') }}",
        "{{ 'ab c'.upper() }} {{ 'AB'.lower() }} {{ 'hello wORLD it\\'s'.title() }} {{ 'hELLO w'.capitalize() }} {{ 'aB'.swapcase() }}",
        "{{ 'aXbX'.replace('X', '-') }} {{ 'aXbX'.replace('X', '-', 1) }} {{ 'a.b'.replace('.', '') }} {{ 'ab'.replace('', '-') }}",
        "{{ 'abcb'.find('b') }} {{ 'abcb'.rfind('b') }} {{ 'abc'.find('x') }} {{ 'abcb'.count('b') }} {{ 'abc'.index('c') }}",
        "{{ ', '.join(['a','b']) }} {{ ''.join(messages|map(attribute='role')) }}",
        "{{ '{} {}'.format('a', 1) }} {{ '{0}{1}{0}'.format('a','b') }} {{ '{x}'.format(x=3) }} {{ '{:.2f}|{:>5}|{:05d}'.format(1.234,'a',42) }}",
        "{{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'A'.isupper() }} {{ 'a'.islower() }} {{ '1'.isnumeric() }} {{ ''.isdigit() }}",
        "{{ '7'.zfill(3) }} {{ 'a'.ljust(3,'.') }} {{ 'a'.rjust(3) }} {{ 'a'.center(3,'*') }} {{ 'prefix-a'.removeprefix('prefix-') }} {{ 'a.txt'.removesuffix('.txt') }}",
        "{{ 'abc'.frobnicate() }}",
        "{{ 'abc'.length() }}",
        "{{ 'abc'.toUpperCase() }}",
        '{{ messages.size() }}',
        "{{ 'abc'.getClass() }}",
        "[{{ 'abc'.class }}]",
        "{{ ''['class'].forName('java.lang.Runtime') }}",
        "[{{ ''.__class__ }}]",
        "{{ ''.__class__.__mro__ }}",
        "{{ '{0.__class__}'.format('a') }}",
        '{% set l = [] %}{% set _ = l.append(1) %}{{ l }}',
        "{% set d = {} %}{% set _ = d.update({'a':1}) %}{{ d }}",
        '{{ messages.pop() }}',
        "{{ [1,2,1].count(1) }} {{ ['a','b'].index('b') }} {{ {'a':1}.copy() }}",
    ],
    "statements": [
        '{% set x = 1 %}{% set y, z = 2, 3 %}{{ x }}{{ y }}{{ z }}{% set a = b = 2 %}',
        '{% set x = 1 %}{% set y, z = 2, 3 %}{{ x }}{{ y }}{{ z }}{% set t = 1, 2 %}{{ t }}{% set (p, q) = [4, 5] %}{{ p }}{{ q }}',
        '{% set x %}a{{ 1 }}\nb{% endset %}[{{ x }}]{% set y | upper %}q{% endset %}{{ y }}{{ x is string }}',
        '{% set x = 1 %}{% for i in [1,2] %}{{ x }}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}',
        '{% for i in [1] %}{% set y = 1 %}{% endfor %}[{{ y }}]{{ y is defined }}',
        "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.found = true %}{% set ns.n = ns.n + 1 %}{% endif %}{% endfor %}{{ ns.found }} {{ ns.n }} [{{ ns.x }}]{{ ns.x is defined }}",
        "{% set ns = namespace() %}{% set ns.a = [] %}{% set ns.a = ns.a + ['x'] %}{{ ns.a }}{% set ns = namespace({'b': 2}, c=3) %}{{ ns.b }}{{ ns.c }}",
        "{% set ns = namespace(a='') %}{% set ns.a %}blk{% endset %}{{ ns.a }}",
        '{% set d = {} %}{% set d.a = 1 %}{{ d }}',
        '{% for i in [1,2,3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.depth }};{% endfor %}',
        '{% for i in [1,2] %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% if loop.nextitem is defined and loop.nextitem == 2 %}!{% endif %}{% endfor %}',
        '{% for i in [] %}x{% else %}empty{% endfor %}{% for i in [1] %}x{% else %}empty{% endfor %}',
        "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %} {% endfor %}",
        "{% for a, b in [(1,2),[3,4]] %}{{ a }}{{ b }}{% endfor %}{% for k, (a, b) in [('x', (1, 2))] %}{{ k }}{{ a }}{{ b }}{% endfor %}",
        '{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}.',
        '{% for i in [1,2] %}{% set outer = loop %}{% for j in [1,2] %}{{ outer.index }}{{ loop.index }}{% if j == 1 %}{% continue %}{% endif %}x{% endfor %}{{ loop.index }} {% endfor %}',
        "{% for i in [1,2,3] %}{{ loop.cycle('a','b') }}{{ loop.changed(i > 1) }}{% endfor %}",
        "{% for n in [{'v':1,'c':[{'v':2,'c':[]}]}] recursive %}{{ n.v }}{{ loop.depth }}[{{ loop(n.c) }}]{% endfor %}",
        "{% for ch in 'aé😀' %}{{ ch }},{% endfor %}{{ 'aé😀'|length }}{{ 'a😀b'[1] }}{{ 'a😀b'[2:] }}",
        '{% for i in [1] %}{% endfor %}[{{ i }}]',
        '{% set i = 7 %}{% for i in [1] %}{{ i }}{% endfor %}{{ i }}',
        '{{ range(3)|list }}{{ range(1,4)|list }}{{ range(5,0,-2)|list }}{% for i in range(messages|length - 1, -1, -1) %}{{ i }}{% endfor %}',
        "{% if messages[0].role == 'x' %}a{% elif messages[0]['role'] == 'system' and messages|length > 1 %}b{% else %}c{% endif %}",
        "{% if '' %}a{% elif [] %}b{% elif {} %}c{% elif none %}d{% elif 0 %}e{% else %}f{% endif %}",
        "{% macro f(a, b='x', c=none) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }} {{ f(1, 2) }} {{ f(1, c=3) }} {{ f(b=1, a=2) }} [{{ f() }}]",
        "{%- macro f(a) %}\n    {{- a }}\n{%- endmacro %}\n{{- f('q') }}\n{{ f('r') | upper }}",
        '{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(15) }}',
        "{% set g = 'G' %}{% macro f() %}{{ g }}{{ h }}{% endmacro %}{% set h = 'H' %}{{ f() }}{% for h in [1] %}{{ f() }}{% endfor %}",
        '{% macro f(a) %}{{ a }}{{ varargs }}{{ kwargs }}{{ caller is defined }}{% endmacro %}{{ f(1, 2, x=3) }}',
        '{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}',
        '{% macro f(a) %}<{{ caller() }}{{ a }}>{% endmacro %}{% call f(1) %}body{% endcall %}',
        '{% macro f() %}{{ caller(5) }}{% endmacro %}{% call(x) f() %}b{{ x }}{% endcall %}',
        '{{ f is defined }}{% macro f() %}{% endmacro %}{{ f is defined }}{{ f.name }}',
        "{% macro f() %} a {% endmacro %}{{ f()|trim }}{{ f() == ' a ' }}{{ f()|length }}{% set x = f() %}{{ x }}",
        '{% macro f(a, b=a) %}{{ b }}{% endmacro %}{{ f(4) }}',
        "{% filter upper %}abc{{ 'd' }}{% endfilter %}",
        '{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}[{{ a }}]',
        "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}\n{{ m.content }}{% endgeneration %}\n{% endif %}{% endfor %}x",
        '{% set x = 1 %}{% generation %}{% set x = 2 %}{{ x }}{% endgeneration %}{{ x }}',
        '{% do messages %}',
        '{% frobnicate %}',
        '{% if true %}a',
        '{{ 1 ',
        '{% for x in y %}{% endif %}',
        '{{ 1 + }}',
        '{{ a b }}',
        '{% set = 1 %}',
        'a {# b',
        "{{ 'abc }}",
    ],
    "what transformers adds": [
        "{{ raise_exception('Roles must alternate') }}",
        "{% if messages[0].role != 'user' %}{{ raise_exception('First must be user: ' ~ messages[0].role) }}{% endif %}",
        "{{ strftime_now('%d %b %Y') }} {{ strftime_now('%Y-%m-%d %H:%M:%S %A %B %j %y %I %p %a %e %-d %%') }}",
        "{% if strftime_now is defined %}{% set d = strftime_now('%d %b %Y') %}{% else %}{% set d = '26 Jul 2024' %}{% endif %}{{ d }}",
    ],
    "variables and idioms": [
        "{{ bos_token }}{{ eos_token }}{{ bos_token + 'a' }}{{ pad_token is defined }}",
        "{{ tools is none }}{{ tools is defined }}{{ not tools }}{{ documents is none }}{{ 'y' if tools is not none and tools|length > 0 else 'n' }}",
        '{% if add_generation_prompt %}<a>{% endif %}{{ add_generation_prompt }}{{ enable_thinking is defined }}',
        '{{ custom }}{{ custom is defined }}',
        "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% elif m.content is iterable %}{% for p in m.content %}{% if p.type == 'text' %}{{ p.text }}{% else %}<{{ p['type'] }}>{% endif %}{% endfor %}{% endif %}{% endfor %}",
        "{% for m in messages %}{{ m.content is mapping }}{{ m.content is sequence and m.content is not string }}{{ m['content'] is not none }};{% endfor %}",
        '{% for m in messages if m.tool_calls %}{% for tc in m.tool_calls %}{% set tc = tc.function %}{"name": "{{ tc.name }}", "arguments": {{ tc.arguments | tojson }}}{% for k, v in tc.arguments.items() %}{{ k }}={{ v if v is string else v | tojson }}{% endfor %}{% endfor %}{% endfor %}',
        "{% set content = messages[0]['content'] | trim + '!' %}{{ content }}{% set size = 1 %}{% set empty = 2 %}{{ size }}{{ empty }}{% set div = 3 %}{{ div }}{% set eq = 4 %}{{ eq }}",
        "{{ '[INST] ' + messages[0]['content'] | trim + ' [/INST]' }}",
        "{% for m in messages[1:] %}{{ (m['role'] == 'user') != (loop.index0 % 2 == 0) }}{% endfor %}",
        "{% for m in messages %}{% if loop.first and m.role != 'system' %}x{% elif not loop.last and loop.index0 > 0 %}{{ loop.index0 }}{% endif %}{% endfor %}",
        '{{ \'10\' > \'9\' }} {{ \'a\' == "a" }} {{ \'a\' != \'b\' }} {{ \'1\' == 1 }} {{ 1 == \'1\' }} {{ \'\' == none }} {{ 0 == false }} {{ \'\' == false }}',
        "{% set k = 'z' %}{{ {k: 1} }} {{ {'a': 1, 'b': 2}['b'] }} {{ {'x y': 1}['x y'] }}",
        '{{ \'x\' * 20 }}{{ \'\\n\' }}{{ "\\n" ~ \'\\\\n\' }}',
        '{% set _x = 1 %}{{ _x }}{{ True }}{{ TRUE is defined }}',
        "{{ 'a' {# no #} }}",
        '{{ "it\'s" }}{{ \'say "hi"\' }}{{ \'{{ x }}\' }}{{ \'{% if %}\' }}{{ \'{# x #}\' }}',
        "{% set s = '{{ 1 + 1 }}' %}{{ s }}",
        "{{ (messages | selectattr('role', 'equalto', 'user') | list)[0].content }}{{ (messages|first).role }}{{ messages[-1:][0].role }}",
        "{% for m in messages|rejectattr('role', 'equalto', 'system') %}{{ m.role }}{{ ',' if not loop.last }}{% endfor %}",
        "{% set sys = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | join('\n') | trim %}[{{ sys }}]",
        "{{ 1 ~ 2 }} {{ 1.50 ~ '' }} {{ (1 ~ 2) | int + 1 }} {{ 3 | string | length }}",
        '{{ loop is defined }}',
        '{{ messages[0]|items|list }}',
        '{% for m in messages %}{% if m == messages[-1] %}last={{ loop.index0 }}{% endif %}{% endfor %}{{ messages[messages|length - 1].role }}',
        '{{ ((((((((((1)))))))))) }}',
        "{{ 'a' if messages|length > 100 else ('b' if messages|length > 1 else 'c') }}",
        '{{ [1,2,3][3 // 2] }}',
        '{{ messages[4].content is not string }}{{ messages[3].content is string }}',
    ],
    "corners": [
        '{% for i in [1,2] %}{% for j in [1,2] if loop.index == 1 %}{{ j }}{% endfor %}{% endfor %}',
        '{% for j in [1,2] if loop.index == 1 %}{{ j }}{% endfor %}',
        "{{ 'aB'|title }}",
        "{{ range(3) }}{{ range(5)[1:] }}{{ {'a':1}.items() }}{{ {'a':1}.keys() }}",
        "{{ 'a'.join('bc') }}{{ 'a'.join({'x':1}) }}",
        "{{ ['a'] is sequence }}{{ {'a':1}.items() is iterable }}{{ {'a':1}.items() is sequence }}{{ nope is iterable }}{{ nope is sequence }}{{ nope is mapping}}{{ nope is callable}}{{ nope is number}}{{ nope is string}}",
        "{{ nope|upper }}|{{ nope|trim }}|{{ nope|join }}|{{ nope|list }}|{{ nope|first }}|{{ nope|string }}|{{ nope|replace('a','b') }}|{{ 'a' in nope }}|{{ nope|sort }}|{{ nope|lower|length}}",
        "{{ none|upper }}|{{ none|trim }}|{{ none|string|length }}|{{ 1|upper }}|{{ none|replace('N','x') }}|{{ [1]|trim }}",
        '{{ none|length }}',
        '{{ none|list }}',
        '{{ none|join }}',
        '{{ nope|int }}',
        '{{ none|int }}',
        "{{ true|int }}{{ '0x1f'|int(base=16) }}{{ ' 3 '|int }}{{ '1e3'|int }}{{ '1_0'|int }}",
        "{{ {'a':1}['items'] is defined }}",
        "{{ 'abc'['upper']() }}",
        "{{ [[1,2],[0,3]]|sort }}{{ ['b', 1]|sort }}",
        "{% set x = messages|selectattr('role','equalto','zzz') %}{{ 'T' if x else 'F' }}{{ x|list|length }}{{ x|list }}",
        '{% macro f() %}x{% endmacro %}{{ f }}{% set ns = namespace(a=1) %}{{ ns }}{% for i in [1] %}{{ loop }}{% endfor %}',
        "{{ ('<b>'|safe)|length }}{{ ['<'|safe] }}{{ '<b>'|safe ~ '<i>' }}{{ '<'|e|e|string }}{{ '<'|safe == '<' }}",
        "{{ '%s %s' % (1, [1]) }}{{ '%d%%' % 3.7 }}{{ '%r' % 'a' }}{{ '%5.1f|%-5s|' % (1.25, 'a') }}{{ '%(a)s' % {'a': 1} }}",
        "{{ '{!r} {:,} {:>8.3f} {:<5}| {:^5}|{:+d}{:x}{:%}'.format('a', 1234567, 3.14159, 'ab', 'c', 5, 255, 0.5) }}",
        "{{ '{a[b]} {0.x}'.format({'x':1}, a={'b':2}) }}",
        "{{ 'a' < 'b' < 'c' }}{{ [1,2] < [1,3] }}{{ (1,) < (1,2) }}",
        '{{ 1 if 2 }}{{ 0.1 + 0.2 }}{{ 1e16 }}{{ 123456789012345680.0 }}{{ 1/3 }}{{ 100000 * 1.0 }}{{ 1e15+0.5}}',
        '{{ true + true }}{{ true * 3 }}{{ -true }}{{ +3 }}{{ not 3 }}',
        "{{ {'a': 1, 'a': 2} }}{{ {1: 'x', '1': 'y'} }}",
        "{% set a, b = 'xy' %}{{ a }}{{ b }}",
        '{% set a, b = [1] %}',
        '{% for a, b in [1] %}{% endfor %}',
        "{% for k, v in {'a':1} %}{{ k }}{% endfor %}",
        '{{ messages[0] == messages[0] }}{{ messages[0] is sameas messages[0] }}',
        "{{ ''|default('x') }}{{ nope|default }}|{{ nope.x|default('y') }}",
        "{{ 'A' ~ nope ~ none ~ 1.0 ~ [1] }}",
        '{{ lipsum is defined }}',
        "{{ 'x' if nope is defined and nope else 'y' }}",
        '{{ 5 // 0 }}',
        '{{ 5 % 0 }}',
        '{{ 7.0 // 2 }}{{ -7.5 % 2 }}{{ 2 ** 0.5 }}{{ 2**3**2 }}{{ 0 ** 0 }}{{ 4 ** -1}}',
        '{{ loop }}',
        '{% set loop = 1 %}{{ loop }}',
        '{% for i in [1] %}{% set loop = 2 %}{% endfor %}',
        "{{ '\\N{BULLET}' }}{{ '\\101' }}{{ 'a\\\nb' }}",
        "{{ 'a\n' }}x\n\n",
        "{{ '😀'|length }}{{ '😀a'[0] }}{{ '😀a'|first }}{{ '😀a'|reverse }}{{ 'é'|upper }}{{ 'ß'|upper }}{{ 'ﬁ'|title }}{{ 'ὈΔΥΣΣΕΎΣ'|lower }}",
        '{% if a %}x{% elif %}{% endif %}',
        "{{ dict([('a', 1)]) }}",
        "{{ namespace(a=1).a }}{{ namespace([('a', 2)]).a }}",
        "{{ [1,2,3] | sum }}{{ ['a','b'] | sum(start='') }}",
        "{{ [3,1,2]|sort|first }}{{ [3,1,2]|min }}{{ ['b','A']|max }}{{ [{'a':1},{'a':3}]|max(attribute='a') }}{{ []|min }}",
        "{{ 3.14159|round(2) }}{{ 3|round }}{{ 25|round(-1) }}{{ 2.675|round(2) }}{{ 2.5|round(0,'floor') }}{{ 3.7|round|int }}",
        '{{ messages|tojson|safe }}',
        "{{ 1.5|int }}{{ '1.9'|int }}{{ -1.5|int }}{{ 'inf'|float }}{{ 1e400 }}",
        "{{ {'a':{'b':[1,{'c':2}]}}|tojson(indent='\t') }}{{ {'a':1}|tojson(indent=0) }}{{ {'a':1, 'b':2}|tojson(separators=(';','=')) }}",
        '{% generation %}{% break %}{% endgeneration %}',
        '{% for i in [1,2] %}{% set x %}{{ i }}{% if i == 1 %}{% continue %}{% endif %}{% endset %}{{ x }}{% endfor %}',
        '{% break %}',
        '{{ messages | length > 1 }}{{ messages|length>1 and true }}',
        '{{ [[1,2],[3]].0.1 }}',
        "{{ f(*[1,2], **{'c':3}) }}",
        '{{ range(2, 5)|list }}{{ range(*[1,3])|list }}',
        '{{ [1,2,3].index(2) }}{{ (1,2).count(2) }}{{ [1].copy() }}',
        "{{ 'a,b'.split(sep=',') }}{{ 'a,b,c'.split(',', maxsplit=1) }}",
        "{{ 'a'.split('') }}",
        "{{ 'ab'.startswith('') }}{{ 'ab'.find('') }}{{ 'ab'.count('') }}{{ 'abc'.find('c', 1) }}{{ 'abc'.rfind('a', 1) }}",
        "{{ 'abc' is in ['abc'] }}{{ 1 is not in [2] }}{{ 'a' is not string }}",
        '{{ (messages|first).content.strip() }}{{ messages[0].content|trim|length }}',
        "{{ '1'|int == 1 and '2'|float == 2 }}",
        '{{ 1 is 1 }}',
        '{{ 1 is none or 2 }}{{ 1 is defined else 3 }}',
        '{% set x = 5 if false %}{{ x is defined }}',
        '{% for m in messages %}{%- if not loop.first %}, {% endif -%}{{ m.role }}{% endfor %}',
        '{% call f() %}{% endcall %}',
        '{% macro f() %}{{ caller() }}{% endmacro %}{{ f() }}',
        '{% macro f(x) %}{{ x.y }}{% endmacro %}{{ f() }}',
        '{% set ns = namespace() %}{{ ns._x }}{% set ns._y = 1 %}',
        '{{ messages[0].__class__ }}|{{ messages[0]._x }}|{{ none.__class__ }}',
        "{{ [1,2,3]|join(', ', attribute=none) }}{{ [1,2]|map('int')|join(d='-') }}",
        "{{ ['x']|map('default','y')|list }}{{ [' a']|map('trim')|map('upper')|list }}{{ [{'a':{'b':1}}]|map(attribute='a.b')|list }}{{ [[5]]|map(attribute=0)|list }}",
        "{{ [1,2,3,4]|select('gt', 2)|list }}{{ [1,none]|reject('none')|list }}{{ [{'a':1},{}]|selectattr('a')|list }}{{ ['a',1]|select('string')|list }}",
        "{{ {'b':1,'a':[2]}|string }}{{ {'b':1}|length }}{{ {'b':1,'a':2}|first }}{{ {'b':1,'a':2}|last }}{{ {'b':1,'a':2}|sort }}{{ {'b':1,'a':2}|join(',') }}{{ {'b':1,'a':2}|reverse|list }}",
        "{{ 'a' * -1 }}|{{ [1] * 0 }}{{ 'a' * 2.0 }}",
        "{{ ''.join([1]) }}",
        "{{ 'a\\u00e9\\x7f\\u200b\\u2028' }}{{ ['a\\u00e9\\x7f\\u200b\\xa0😀'] }}",
        "{{ [1, 2, 3][1:][0] }}{{ 'abc'[1:][::-1] }}{{ [1,2,3][::0] }}",
        "{{ none[0] }}|{{ 5[0] }}|{{ [1]['a'] }}|{{ [1][1.0] }}|{{ [1,2][true] }}|{{ {'a':1}[[1]] }}",
        "{% filter trim|upper %} a {% endfilter %}{% set x | trim | replace('a','b') %} a {% endset %}{{ x }}",
        "{{ 'a' if true else nope.x.y }}{{ true or nope.x.y }}{{ false and nope.x.y }}",
        '{% if nope.x %}{% endif %}',
        '{% if messages[0].tool_calls is defined and messages[0].tool_calls %}x{% endif %}ok',
        '{{ messages[5].role }}',
        "{{ 'é' == 'e\\u0301' }}{{ 'z' < 'é' }}{{ '\\uffff' < '😀' }}",
        "{{ strftime_now('%c %x %X %h %D %F %T %R [%Z%z] %f %-m/%-I %j%%') }}",
        '{%- set x -%}  a  {%- endset -%}\n [{{ x }}]',
        '{{ 0x1F }}{{ 0b11 }}{{ 0o17 }}{{ 1_0.5 }}{{ 1E3 }}{{ 00 }}',
        '{{ 3.x }}',
        "{{- '\n' }}   {{- 'a' -}}   \n b",
        '  {{ 1 }}\n\t{# c #}\t{# d #}\n x {% set a = 1 %}\n',
        '{% if true -%}\n\n a\n\n{%- endif %}\n\nb',
        "{{ [1,2,3]|last }}{{ 'abc'|last }}{{ messages|selectattr('role')|last }}",
        "{{ messages|map(attribute='role')|unique|list }}{{ messages|map(attribute='role')|sort|join(' ') }}{{ messages|map(attribute='role')|length }}",
        "{% for i in [1] %}{% break %}{% else %}e{% endfor %}{% for i in [1, 2] %}{% continue %}{% else %}e{% endfor %}",
        "{% for i in [1, 2] %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% else %}e{% endfor %}",
        "{% macro f() %}[{{ custom }}]{% endmacro %}{{ f() }}{% set custom = 1 %}{{ f() }}",
        "{% macro f() %}[{{ custom }}]{% endmacro %}{{ custom }}{{ f() }}{% set custom = 1 %}{{ f() }}",
        "{% for i in [1] %}[{{ custom }}]{% endfor %}{% set custom = 1 %}{{ custom }}",
        "{% for i in [1] %}[{{ custom }}]{% endfor %}{% if true %}{% set custom = 1 %}{% endif %}{{ custom }}",
        "{% for i in [1, 2] %}{% macro f() %}[{{ custom }}]{% endmacro %}{{ f() }}{% set custom = i %}{{ f() }}{% endfor %}",
        "{% set x %}{{ custom }}{% endset %}{{ x }}{% set custom = 2 %}",
        "{% with a = custom %}{{ a }}{{ custom }}{% endwith %}{% set custom = 2 %}{{ custom }}",
        "{{ messages[0][1:] }}", "{{ n|default(5)[1:] }}", "{{ (5)|indent }}", "{{ {'a': 1}[true] }}|{{ {1: 2}[1.0] }}|{{ 1.5 in {} }}",
        "{{ 'a' % [1] }}{{ 'a' % {} }}", "{{ 'a' % 1 }}",
    ],
}

UNSUPPORTED = {
    "{% block a %}x{% endblock %}": "the tag 'block'",
    "{% print 1 %}": "the tag 'print'",
    "{% autoescape false %}x{% endautoescape %}": "the tag 'autoescape'",
    "{{ 'a b'|wordcount }}": "the filter 'wordcount'",
    "{{ 'a b'|truncate(1, true, '') }}": "the filter 'truncate'",
    "{{ messages|groupby('role')|length }}": "the filter 'groupby'",
    "{{ [1, 2, 3]|batch(2)|list }}": "the filter 'batch'",
    "{{ joiner(', ')() }}": "the function 'joiner'",
    "{{ cycler('a').next() }}": "the function 'cycler'",
    "{{ 'x'.encode() }}": "the string method 'encode'",
    "{{ 'é'.casefold() }}": "the string method 'casefold'",
    "{{ 9999999999 * 9999999999 }}": "more than 64 bits",
    "{{ {true: 1} }}": "a dict key of type 'bool'",
    "{{ {1.5: 1} }}": "a dict key of type 'float'",
    "{{ ('<b>'|safe) + '<i>' }}": "Markup",
    "{{ ('<b>'|safe)|upper }}": "'safe' or 'escape' has marked",
    "{{ ('<b>'|safe)[0] }}": "'safe' or 'escape' has marked",
    "{{ ('<b>'|safe).upper() }}": "of 'Markup'",
    "{{ '{:e}'.format(1.5) }}": "the format type 'e'",
    "{{ '{:{}}'.format('a', 5) }}": "the format field",
    "{{ '%e' % 1.5 }}": "the format '%e'",
    "{{ '%c' % 65 }}": "the format '%c'",
    "{{ strftime_now('%U') }}": "strftime_now's '%U'",
    "{{ 1.real }}": "the attribute 'real'",
    "{{ ((-8) ** 0.5) is defined }}": "a complex number",
    "{{ messages|map('upper') is defined }}{{ messages|map('upper') }}": "a generator",
    "{{ range is defined }}{{ range }}": "a function is printed",
}

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Tells the weather",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "a town's name"},
                    "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius"},
                    "days": {"type": ["integer", "null"]},
                    "at": {"oneOf": [{"type": "number"}, {"type": "array", "items": {"type": "string"}}]},
                },
                "required": ["city"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "add",
            "description": "Adds é & <b>",
            "parameters": {
                "type": "object",
                "properties": {"numbers": {"type": "array", "items": {"type": "number"}}, "any": {}},
                "required": ["numbers"],
            },
            "return": {"type": "number"},
        },
    },
]


def call(name, arguments, id="abcdef123"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def turns(*pairs):
    return [{"role": role, "content": content} for role, content in pairs]


TOOL_TURNS = [
    {"role": "system", "content": "You are a weather bot."},
    {"role": "user", "content": "How warm is it in Zürich?"},
    {"role": "assistant", "content": None, "tool_calls": [call("get_weather", {"city": "Zürich", "unit": "celsius"})]},
    {"role": "tool", "name": "get_weather", "tool_call_id": "abcdef123", "content": '{"temperature": 21.5}'},
]
CONVERSATIONS = {
    "one user turn": {"messages": turns(("user", "Hi"))},
    "prompted": {"messages": turns(("user", "  Hi \n")), "add_generation_prompt": True},
    "system": {
        "messages": turns(("system", " Answer in German.\n"), ("user", "Good morning!")),
        "add_generation_prompt": True,
    },
    "several turns": {
        "messages": turns(
            ("system", "Be brief."),
            ("user", "1 < 2 && \"quoted\"?"),
            ("assistant", "Yes.\n\nIt is."),
            ("user", "And 😀 {{ 1 + 1 }} {% raw %}"),
        ),
        "add_generation_prompt": True,
    },
    "ends with the assistant": {"messages": turns(("user", "Hi"), ("assistant", " Hello. "))},
    "two assistants": {"messages": turns(("user", "Hi"), ("assistant", "a"), ("assistant", "b"))},
    "assistant first": {"messages": turns(("assistant", "Hi"), ("user", "Ho"))},
    "unknown role": {"messages": turns(("developer", "x"), ("user", "Hi"))},
    "parts": {
        "messages": [
            {"role": "system", "content": [{"type": "text", "text": "Look. "}]},
            {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": " What is this? "}]},
        ],
        "add_generation_prompt": True,
    },
    "tools": {"messages": turns(("system", "S"), ("user", "What is 1 + 2?")), "tools": TOOLS, "add_generation_prompt": True},
    "tools without system": {"messages": turns(("user", "What is 1 + 2?")), "tools": TOOLS[:1]},
    "tool call": {"messages": TOOL_TURNS[:3], "tools": TOOLS},
    "tool answer": {"messages": TOOL_TURNS, "tools": TOOLS[1:], "add_generation_prompt": True},
    "tool answers as objects": {
        "messages": TOOL_TURNS[:3]
        + [
            {"role": "tool", "tool_call_id": "abcdef123", "content": {"content": [1, "two"], "n": None}},
            {"role": "tool", "tool_call_id": "abcdef124", "content": "rain"},
            {"role": "assistant", "content": "Rain."},
            {"role": "user", "content": "Thanks"},
        ],
        "tools": TOOLS,
    },
    "two calls": {
        "messages": TOOL_TURNS[:2]
        + [{"role": "assistant", "content": "Both.", "tool_calls": [call("add", {"numbers": [1, 2.0]}), call("f", {}, "x")]}]
    },
    "thinking": {
        "messages": turns(
            ("user", "Hi"),
            ("assistant", "<think>\nold\n</think>\n\nHello"),
            ("user", "<tool_response>no question</tool_response>"),
            ("assistant", "<think>\nnew\n</think>\n\nHello again"),
        )
    },
    "reasoning field": {
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello", "thinking": "say hello"},
        ]
    },
    "thinking off": {
        "messages": turns(("user", "Hi")),
        "add_generation_prompt": True,
        "variables": {"enable_thinking": False, "date_string": "3 May 2025", "tools_in_user_message": False},
        "tools": TOOLS[1:],
    },
    "built-in tools": {
        "messages": TOOL_TURNS,
        "variables": {"builtin_tools": ["get_weather", "code_interpreter"]},
    },
    "stop word": {"messages": turns(("user", "go"), ("user", " Stop "), ("assistant", "never seen"))},
    "documents": {
        "messages": [{"role": "system", "content": "Quote."}, {"role": "user", "name": "ann", "content": "Who?"}],
        "documents": [{"title": "A", "text": "first\nsecond"}, {"title": "B", "text": "third", "score": 0.1}],
        "add_generation_prompt": True,
    },
    "tools as a field": {
        "messages": [
            {"role": "system", "content": "S", "tools": '[{"name": "f"}]'},
            {"role": "user", "content": "U", "weight": 1e-7},
        ]
    },
    "windows lines": {"messages": turns(("system", "a\r\nb"), ("user", "c\r\nd"))},
}


def tokenizer(template):
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1, "[UNK]": 2}, unk_token="[UNK]")),
        bos_token="<s>",
        eos_token="</s>",
        chat_template=template,
    )


def outcome(render):
    try:
        return {"expected": render()}
    except Exception as e:  # whatever transformers, Jinja2 or Python raises
        return {"error": f"{type(e).__name__}: {e}"}


def construct(template):
    rendered, _ = chat_template_utils.render_jinja_template([MESSAGES], chat_template=template, **VARIABLES)
    return rendered[0]


def rendering(template, conversation):
    arguments = dict(conversation)
    return tokenizer(template).apply_chat_template(
        arguments.pop("messages"), tokenize=False, **arguments.pop("variables", {}), **arguments
    )


def main():
    chat_template_utils.datetime = Clock
    golden = {
        "now": NOW.isoformat(),
        "messages": MESSAGES,
        "variables": VARIABLES,
        "constructs": [
            {"group": group, "template": template, **outcome(lambda t=template: construct(t))}
            for group, templates in CONSTRUCTS.items()
            for template in templates
        ],
        "unsupported": [{"template": t, "construct": c} for t, c in UNSUPPORTED.items() if construct(t) is not None],
        "conversations": CONVERSATIONS,
        "renderings": [
            {"template": file.name, "conversation": name, **outcome(lambda f=file, c=c: rendering(f.read_text(), c))}
            for file in sorted((OUT / "templates").glob("*.jinja"))
            for name, c in CONVERSATIONS.items()
        ],
    }
    (OUT / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")
    for part in ("constructs", "renderings"):
        errors = sum("error" in case for case in golden[part])
        print(f"{part}: {len(golden[part])}, of which {errors} are errors")


if __name__ == "__main__":
    main()
