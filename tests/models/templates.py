"""Chat templates of the families, rewritten to the formats they publish: same markers, roles and quirks."""

LLAMA = """\
{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- set system = "" %}
{%- if messages[0]["role"] == "system" %}
    {%- set system = messages[0]["content"] | trim %}
    {%- set messages = messages[1:] %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\nToday Date: " }}
{{- date_string + "\n\n" + system + "<|eot_id|>" }}
{%- for message in messages %}
    {{- "<|start_header_id|>" + message["role"] + "<|end_header_id|>\n\n" }}
    {{- message["content"] | trim + "<|eot_id|>" }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- "<|start_header_id|>assistant<|end_header_id|>\n\n" }}
{%- endif %}
"""
"""A system turn with today's date is always there."""

MISTRAL = """\
{%- if messages[0]["role"] == "system" %}
    {%- set system = messages[0]["content"] %}
    {%- set messages = messages[1:] %}
{%- endif %}
{{- bos_token }}
{%- for message in messages %}
    {%- if (message["role"] == "user") != (loop.index0 % 2 == 0) %}
        {{- raise_exception("After the optional system message, roles must alternate user/assistant.") }}
    {%- endif %}
    {%- if message["role"] == "assistant" %}
        {{- " " + message["content"] | trim + eos_token }}
    {%- elif loop.last and system is defined %}
        {{- "[INST] " + system + "\n\n" + message["content"] + "[/INST]" }}
    {%- else %}
        {{- "[INST] " + message["content"] + "[/INST]" }}
    {%- endif %}
{%- endfor %}
"""
"""No generation prompt: the reply follows `[/INST]`, with a space before it."""

QWEN2 = """\
{%- if messages[0]["role"] != "system" %}
    {{- "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n" }}
{%- endif %}
{%- for message in messages %}
    {{- "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n" }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- "<|im_start|>assistant\n" }}
{%- endif %}
"""

QWEN3 = """\
{%- set last = namespace(query=-1) %}
{%- for message in messages %}
    {%- if message.role == "user" %}
        {%- set last.query = loop.index0 %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if message.role == "assistant" %}
        {%- set reasoning = "" %}
        {%- if "</think>" in content %}
            {%- set reasoning = content.split("</think>")[0].rstrip("\n").split("<think>")[-1].lstrip("\n") %}
            {%- set content = content.split("</think>")[-1].lstrip("\n") %}
        {%- endif %}
        {%- if loop.index0 > last.query and (loop.last or reasoning) %}
            {%- set content = "<think>\n" + reasoning.strip("\n") + "\n</think>\n\n" + content.lstrip("\n") %}
        {%- endif %}
    {%- endif %}
    {{- "<|im_start|>" + message.role + "\n" + content + "<|im_end|>\n" }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- "<|im_start|>assistant\n" }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- "<think>\n\n</think>\n\n" }}
    {%- endif %}
{%- endif %}
"""
"""Thinking is left out of earlier turns, and an empty block of it is put before the last reply."""

_GEMMA_TURNS = """\
{%- for message in messages %}
    {%- if (message["role"] == "user") != (loop.index0 % 2 == 0) %}
        {{- raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif %}
    {%- set role = "model" if message["role"] == "assistant" else message["role"] %}
    {{- "<start_of_turn>" + role + "\n" + (first if loop.first else "") }}
    {{- message["content"] | trim + "<end_of_turn>\n" }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- "<start_of_turn>model\n" }}
{%- endif %}
"""

GEMMA = (
    """\
{{- bos_token }}
{%- if messages[0]["role"] == "system" %}
    {{- raise_exception("System role not supported") }}
{%- endif %}
{%- set first = "" %}
"""
    + _GEMMA_TURNS
)
GEMMA3 = (
    """\
{{- bos_token }}
{%- set first = "" %}
{%- if messages[0]["role"] == "system" %}
    {%- set first = messages[0]["content"] + "\n\n" %}
    {%- set messages = messages[1:] %}
{%- endif %}
"""
    + _GEMMA_TURNS
)
"""A system message becomes the beginning of the first question."""
