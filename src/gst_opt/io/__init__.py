"""Groupings and tables in and out: a folder of CSV files, or one JSON file."""

from gst_opt.io.cells import write_rows
from gst_opt.io.csv_folder import read_folder, write_folder
from gst_opt.io.json_file import read_json, write_json
from gst_opt.io.reader import read
from gst_opt.io.schema import json_schema

__all__ = ["json_schema", "read", "read_folder", "read_json", "write_folder", "write_json", "write_rows"]
