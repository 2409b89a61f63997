"""Binds and renders the form of FormBench with Django, and prints METRIC lines.

    python forms.py [ROUNDS]
"""

import sys
import time

import django
from django import forms
from django.conf import settings
from django.http import QueryDict

settings.configure(USE_TZ=True, INSTALLED_APPS=[])
django.setup()


class OrderForm(forms.Form):
    title = forms.CharField(max_length=100, help_text="What it is.")
    email = forms.EmailField()
    count = forms.IntegerField(max_value=1000, min_value=1)
    price = forms.DecimalField(max_digits=8, decimal_places=2)
    day = forms.DateField()
    express = forms.BooleanField(required=False)
    colour = forms.ChoiceField(choices=[("red", "Red"), ("green", "Green"), ("blue", "Blue")])
    site = forms.URLField()
    slug = forms.SlugField()
    remarks = forms.CharField(required=False, widget=forms.Textarea)


def query(values):
    data = QueryDict(mutable=True)
    data.update(values)
    return data


VALID = query(
    {
        "title": "A small lamp", "email": "ada@example.com", "count": "12", "price": "129.90",
        "day": "2026-05-17", "express": "on", "colour": "blue",
        "site": "https://www.example.com/lamps/?a=1", "slug": "a-small-lamp",
        "remarks": "Please ring twice.\r\nThe bell is <broken> & quiet.",
    }
)
INVALID = query(
    {
        "title": "", "email": "ada@", "count": "12.5", "price": "129.999", "day": "2026-02-30",
        "colour": "pink", "site": "http://", "slug": "a lamp", "remarks": "<b>",
    }
)


def measure(name, body, rounds):
    body()
    best = 0
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(rounds):
            body()
        best = max(best, rounds / (time.perf_counter() - start))
    print(f"METRIC {name} {best:.1f}", flush=True)


def bind():
    assert OrderForm(VALID).is_valid()


def bind_invalid():
    assert len(OrderForm(INVALID).errors) == 8


def render_errors():
    form = OrderForm(INVALID)
    form.errors
    return lambda: str(form)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    formset = forms.formset_factory(OrderForm, extra=10)()
    measure("form.bind", bind, rounds)
    measure("form.bind_invalid", bind_invalid, rounds)
    measure("form.render", lambda: str(OrderForm()), rounds)
    measure("form.render_errors", render_errors(), rounds)
    measure("formset.render", lambda: str(formset), max(1, rounds // 10))


main()
