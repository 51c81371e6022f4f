{% macro a() %}
