-- Runs once, in a new cluster: CKAN's role, its database, and the right to make the DataStore's.
\getenv password LEARNINGCITY_DATABASE_PASSWORD
CREATE ROLE ckan LOGIN CREATEDB CREATEROLE PASSWORD :'password';
CREATE DATABASE ckan OWNER ckan;
